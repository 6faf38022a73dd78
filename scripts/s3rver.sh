# shellcheck shell=bash
# Provides an S3 server for the tests and exports SUBSTRATE_S3RVER. Sourced by the launcher.

s3rver_version=3.7.1

provide_s3rver() {
  local home=$SUBSTRATE_HOME/.tools/s3rver
  SUBSTRATE_S3RVER=$home/node_modules/.bin/s3rver
  export SUBSTRATE_S3RVER
  [[ -x $SUBSTRATE_S3RVER ]] && return
  say "installing s3rver $s3rver_version into .tools/ (the tests' S3 server; from npm, nothing system-wide)"
  mkdir -p "$home"
  # The tests against S3 are skipped with a reason where it cannot be had.
  npm install --prefix "$home" --no-audit --no-fund --loglevel=error "s3rver@$s3rver_version" >/dev/null 2>&1 \
    || say "npm could not install s3rver: the tests against an S3 server will be skipped"
}
