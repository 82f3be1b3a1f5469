// Where the tests find programs and files. Not on the compiler's command line, so that one compiler cache
// serves all checkouts.
#pragma once

namespace basin::paths {

extern const char* const compiler;     // that compiled the tests
extern const char* const source;       // the checkout
extern const char* const golden;       // tests/golden
extern const char* const real_data;    // data sets, where there are any
extern const char* const command;      // the command basin
extern const char* const worker;       // the worker of these tests
extern const char* const fake_worker;  // the one without libtorch

}  // namespace basin::paths
