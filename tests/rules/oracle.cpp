#include "tests/rules/oracle.hpp"

#include "tests/rules/families.hpp"

namespace basin::test {

const Oracle& oracle(const std::string& rule) {
  static const Family all = [] {
    Family out = sgd_family();
    out.merge(adagrad_family());
    out.merge(adam_family());
    out.merge(later_family());
    out.merge(parameter_free_family());
    out.merge(matrix_family());
    out.merge(dialect_family());
    return out;
  }();
  return all.at(rule);
}

}  // namespace basin::test
