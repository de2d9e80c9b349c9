#!/bin/sh
# Generates the messages and stubs of the contracts into the folder $1.
set -eu
proto=$(cd "$(dirname "$0")/../../proto" && pwd)
mkdir -p "$1"
find "$proto/lienthong" -name '*.proto' -exec "${PYTHON:-python3}" -m grpc_tools.protoc \
  -I "$proto" --python_out="$1" --grpc_python_out="$1" {} +
