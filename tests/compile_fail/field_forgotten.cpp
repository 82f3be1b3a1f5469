// A member that is no field would be in no JSON, no table and no document.
// expect: FieldForgotten
// expect: every_member_is_a_field
#include "basin/core/fields.hpp"

struct FieldForgotten {
  BASIN_RECORD(FieldForgotten, "wrong")
  BASIN_FIELD(double, seconds, plain, "") = 0;
  int epoch = 0;
};

void look(const FieldForgotten& record) {
  basin::for_each_leaf(record, [](auto, auto, const auto&) {});
}
