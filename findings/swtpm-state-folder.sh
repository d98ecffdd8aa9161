#!/bin/sh
# swtpm 0.7.1 starts with a relative state folder and `--daemon`, and then answers as a TPM that has failed.
#
# The folder is there, and without `--daemon` it is used. With it, swtpm has left its working folder before it opens the
# state. It ends the start with status 0 all the same; each command is then answered with TPM_RC_FAILURE (0x101, TPM 2.0
# library part 2 section 6.6.3), so that tpm2-tools speaks of the TPM ("does not have property TPM2_PT_MAX_DIGEST"), and
# only `--log` would have named the folder. An absolute path mends it.
#
# Seen on 2026-11-28: "relative: 101, absolute: 0".
#
# Needs Debian 12 with apt, and python3. Ends with 0 while this is so.
set -eu
folder=$(mktemp -d)
trap 'kill "$(cat "$folder/pid" 2> /dev/null)" 2> /dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq swtpm=0.7.1-1.3 swtpm-libs=0.7.1-1.3 libtpms0 2> /dev/null
for package in ./*.deb; do dpkg -x "$package" .; done
export LD_LIBRARY_PATH="$folder/usr/lib/x86_64-linux-gnu:$folder/usr/lib/x86_64-linux-gnu/swtpm"

# The response code of TPM2_GetRandom for eight bytes, from a TPM that keeps its state in a folder.
code() {
    usr/bin/swtpm socket --tpm2 --tpmstate "dir=$1" --server type=unixio,path="$folder/server" \
        --ctrl type=unixio,path="$folder/control" --flags not-need-init,startup-clear --daemon --pid file="$folder/pid"
    python3 - "$folder/server" <<'PYTHON'
import socket
import sys
import time

for attempt in range(50):
    try:
        tpm = socket.socket(socket.AF_UNIX)
        tpm.connect(sys.argv[1])
        break
    except OSError:
        time.sleep(0.1)
tpm.sendall(bytes.fromhex("8001" "0000000c" "0000017b" "0008"))
print(tpm.recv(100)[6:10].hex().lstrip("0") or "0")
PYTHON
    kill "$(cat pid)" 2> /dev/null || true
    rm -f pid server control
}

mkdir relative absolute
relative=$(code relative)
absolute=$(code "$folder/absolute")
echo "relative: $relative, absolute: $absolute"
test "$relative" = 101
test "$absolute" = 0
