#!/bin/sh
# Looks for what the system must bring, and installs what lacks: by apt-get when run as root.
# Usage: system.sh build|models|window|test ...
set -eu

MISSING=""

need() { # need PACKAGE: to be installed
    case " $MISSING " in *" $1 "*) ;; *) MISSING="$MISSING $1" ;; esac
}

program() { # program NAME PACKAGE
    command -v "$1" >/dev/null 2>&1 || need "$2"
}

library() { # library SONAME PACKAGE
    PATH="$PATH:/sbin:/usr/sbin" ldconfig -p 2>/dev/null | grep -q "[[:space:]]$1 " || need "$2"
}

look() { # look GROUP
    case "$1" in
    build)
        program cc gcc
        printf '#include <stdio.h>\n' | cc -E - >/dev/null 2>&1 || need libc6-dev
        ;;
    models)
        program python3 python3
        python3 -m pip --version >/dev/null 2>&1 || need python3-pip
        ;;
    window)
        library libEGL.so.1 libegl1
        library libGL.so.1 libgl1
        library libX11-xcb.so.1 libx11-xcb1
        library libX11.so.6 libx11-6
        library libXcursor.so.1 libxcursor1
        library libXi.so.6 libxi6
        library libXrandr.so.2 libxrandr2
        library libfontconfig.so.1 libfontconfig1
        library libwayland-client.so.0 libwayland-client0
        library libwayland-egl.so.1 libwayland-egl1
        library libxkbcommon-x11.so.0 libxkbcommon-x11-0
        library libxkbcommon.so.0 libxkbcommon0
        find /usr/lib /usr/lib64 \( -name swrast_dri.so -o -name 'libgallium*.so' \) 2>/dev/null | grep -q . ||
            need libgl1-mesa-dri
        ;;
    test)
        program Xvfb xvfb
        program import imagemagick
        program objdump binutils
        program python3 python3
        program strace strace
        program xdotool xdotool
        ;;
    *)
        echo "system.sh: no group named $1" >&2
        exit 2
        ;;
    esac
}

look_all() {
    MISSING=""
    for group in "$@"; do look "$group"; done
}

rust() {
    command -v cargo >/dev/null 2>&1 && return
    if [ "$(id -u)" = 0 ] && apt-get install -y --no-install-recommends rustup >/dev/null 2>&1; then
        rustup toolchain install --profile minimal
    else
        echo "Rust is missing: install it with rustup (https://rustup.rs), then run make again" >&2
        exit 1
    fi
}

# Tests that lack a tool say so and pass on a person's machine; on a CI machine nothing may be missing.
only_tests_lack() {
    [ "$*" = test ] && [ -z "${CI:-}" ]
}

look_all "$@"
if [ -n "$MISSING" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "installing:$MISSING"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    # shellcheck disable=SC2086 # a list of packages
    apt-get install -y -qq --no-install-recommends $MISSING >/dev/null || true
    look_all "$@"
fi
if [ -n "$MISSING" ]; then
    echo "missing on this system; as root: apt-get install -y --no-install-recommends$MISSING" >&2
    only_tests_lack "$@" || exit 1
fi
case " $* " in *" build "*) rust ;; esac
