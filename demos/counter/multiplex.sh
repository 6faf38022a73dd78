#!/usr/bin/env bash
# 250 counter actors take turns on the 8 slots of a running `./substrate up`; every answer is checked. Options: multiplex.sh --help
exec "$(dirname "${BASH_SOURCE[0]}")/../../substrate" demo multiplex "$@"
