// Finds the minimum of a parabola with a rule of basin, then with its own rule, and without other libraries.
#include <array>
#include <cmath>
#include <cstdio>

#include "basin/kernels/driver.hpp"
#include "sign_descent.hpp"

namespace {

// Returns the distance of the worst weight from the minimum, 1, after 2,000 steps.
double distance_after(const basin::kernels::Chain& chain) {
  basin::kernels::Driver<double> driver;
  std::array<double, 4> x{3, -2, 0.5, 8}, gradient{}, m{}, v{};
  for (basin::Step step = 1; step <= 2000; ++step) {
    for (std::size_t i = 0; i < x.size(); ++i) gradient[i] = 2 * (x[i] - 1);
    const basin::kernels::Leaf<double> leaf{{x.data(), gradient.data(), {m.data(), v.data()}, x.size()},
                                            step};
    driver.step(chain, std::span(&leaf, 1), {});
  }
  double worst = 0;
  for (const double value : x) worst = std::max(worst, std::abs(value - 1));
  return worst;
}

}  // namespace

int main() {
  auto adam = basin::kernels::AnyRule::named("adam");
  adam.set("lr", 0.05);
  const double by_adam = distance_after(adam);
  const double by_sign = distance_after(basin::kernels::AnyRule(consumer::SignDescent{.lr = 0.01}));
  std::printf("adam ends %g from the minimum, sign descent %g\n", by_adam, by_sign);
  return by_adam < 1e-3 && by_sign < 0.0101 ? 0 : 1;  // sign descent stops within one step
}
