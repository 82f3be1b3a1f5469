// basin doctor on this machine.
#include <nlohmann/json.hpp>

#include "tests/cli/command.hpp"

namespace basin::cli {
namespace {

class DoctorCommand : public InFolder {};

TEST_F(DoctorCommand, SaysWhatIsWrongAndExitsWithOne) {
  const Answer answer = shell("OMP_NUM_THREADS=odd $BASIN doctor --worker $WORKER 2>&1");
  EXPECT_EQ(answer.status, 1) << answer.text;
  EXPECT_NE(answer.text.find("OMP_NUM_THREADS is 'odd'"), std::string::npos) << answer.text;
  EXPECT_NE(answer.text.find("-> unset OMP_NUM_THREADS"), std::string::npos) << answer.text;
  EXPECT_NE(answer.text.find("OpenBLAS 0.3.21, 1 thread in a worker"), std::string::npos) << answer.text;
  EXPECT_EQ(files(), 0);
}

TEST_F(DoctorCommand, JsonIsOneDocumentAndItsFindingsAreTheExitStatus) {
  const Answer answer = shell("$BASIN doctor --worker $WORKER --json 2>/dev/null");
  const auto document = nlohmann::json::parse(answer.text);
  EXPECT_EQ(document["format"], "basin-doctor");
  EXPECT_EQ(answer.status, document["wrong"].empty() ? 0 : 1) << document["wrong"];
  EXPECT_EQ(document["worker"]["blas_threads"], 1);
  EXPECT_GT(document["probes"]["stream_gb_per_second"], 0);
}

TEST_F(DoctorCommand, AWorkerThatDiesIsAFinding) {
  const Answer answer = shell("$BASIN doctor --worker /bin/false 2>&1");
  EXPECT_EQ(answer.status, 1);
  EXPECT_NE(answer.text.find("there is no worker, so nothing can be trained"), std::string::npos)
      << answer.text;
}

}  // namespace
}  // namespace basin::cli
