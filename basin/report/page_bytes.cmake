# Writes SOURCE, a C++ file with the bytes of PAGE. CMake itself does it: no xxd, no assembler.
file(READ ${PAGE} bytes HEX)
if(NOT bytes MATCHES "40535455445940")  # "@STUDY@"
  message(FATAL_ERROR "${PAGE}: wanted a page with the placeholder @STUDY@, found none")
endif()
string(REGEX REPLACE "(................................................................)" "\\1\n" bytes "${bytes}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
file(WRITE ${SOURCE}
"// Made from ${PAGE}.
#include <cstddef>

namespace basin::report {

extern const unsigned char page_bytes[];
extern const std::size_t page_size;

const unsigned char page_bytes[] = {
${bytes}};
const std::size_t page_size = sizeof page_bytes;

}  // namespace basin::report
")
