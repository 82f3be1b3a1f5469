// The compiled-in page: accepts any study, and no text in a study can break out of it.
#include "basin/report/page.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

namespace {

using basin::report::page_template;
using basin::report::page_with;

// Returns what a browser passes to the script as the text of the element with id "study".
std::string embedded(const std::string& page) {
  const std::string open = R"(<script type="application/json" id="study">)";
  const std::size_t begin = page.find(open) + open.size();
  return page.substr(begin, page.find("</script", begin) - begin);
}

TEST(Page, IsWholeAndAsksTheNetworkForNothing) {
  const std::string_view page = page_template();
  EXPECT_TRUE(page.starts_with("<!doctype html>"));
  EXPECT_NE(page.find("</html>"), page.npos);
  EXPECT_NE(page.find("default-src 'none'"), page.npos);
  EXPECT_EQ(page.find("<script src"), page.npos);
  EXPECT_EQ(page.find("<link rel=\"stylesheet\""), page.npos);
}

TEST(Page, HasOnePlaceForAStudy) {
  const std::string_view page = page_template();
  EXPECT_NE(page.find("@STUDY@"), page.npos);
  EXPECT_EQ(page.find("@STUDY@"), page.rfind("@STUDY@"));
}

TEST(Page, HoldsTheStudyAsItWas) {
  for (const std::string name :
       {"adam", "</script><script>alert(1)</script>", "<!-- <script>", "@STUDY@", "größe", "\"\\"}) {
    const nlohmann::json study = {{"format", "basin-study"}, {"study", {{"name", name}}}};
    EXPECT_EQ(nlohmann::json::parse(embedded(page_with(study.dump()))), study) << name;
  }
}

}  // namespace
