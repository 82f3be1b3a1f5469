# Ends a build step with MESSAGE.
message(FATAL_ERROR "${MESSAGE}")
