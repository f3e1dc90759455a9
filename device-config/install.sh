#!/bin/sh
# Puts the agent on a Debian box, exchanges it, takes it away. It lies in the published folder and installs that folder.
#
#   install.sh install              put this folder's version on the box, or exchange the one that is there; state and configuration stay.
#                                   A version that does not become ready goes, and the one before it runs again.
#   install.sh rollback             go back to the version before
#   install.sh uninstall [--purge]  take the agent away; with --purge its configuration, state and user too
#
# It ends with 0: done; 1: wrong command line, or not root; 2: something is missing, nothing was changed; 3: the version did not become
# ready, the one before it runs.
set -eu
umask 022

opt=/opt/edge-agent
etc=/etc/edge-agent
state=/var/lib/edge-agent
unit=/etc/systemd/system/edge-agent.service
command=/usr/local/bin/edge-agent
config=$etc/store.json
user=edge-agent
# How long a version that said that it is ready must go on running.
settle=${EDGE_AGENT_SETTLE_SECONDS:-10}

say() { printf '%s\n' "$*"; }
fail() { code=$1; shift; printf '%s\n' "$*" >&2; exit "$code"; }

# The package's maintainer scripts are this very file: dpkg calls it PACKAGE.postinst and so on.
from=$(cd "$(dirname "$0")" && pwd)
case ${0##*/} in
    *postinst) [ "${1:-}" = configure ] || exit 0; from=/usr/lib/edge-agent; set -- install ;;
    *prerm) [ "${1:-}" = remove ] || exit 0; set -- uninstall ;;
    *postrm) [ "${1:-}" = purge ] || exit 0; set -- uninstall --purge ;;
esac

# Where systemd does not run (an image that is being made), the files are put in place and nothing is started.
has_systemd() { [ -d /run/systemd/system ]; }

# Everything that is missing, at once. What it finds is in $missing.
check_box() {
    missing=
    packages=
    [ -f "$from/edge-agent.dll" ] || fail 2 "There is no edge-agent.dll in $from: run the install.sh of a published folder (./dev publish)."
    # ELF header, e_machine: b7 is aarch64, 3e is x86-64.
    case $(od -An -tx1 -j18 -N1 "$from/libonnxruntime.so" | tr -d ' '):$(uname -m) in
        b7:aarch64 | 3e:x86_64) ;;
        *) fail 2 "This folder was published for another processor than this box's $(uname -m): ./dev publish makes it for arm64, ./dev publish linux-x64 for a PC." ;;
    esac
    if [ ! -x /usr/bin/dotnet ]; then
        missing="$missing
  /usr/bin/dotnet is not there: install the ASP.NET Core runtime 10 (learn.microsoft.com/dotnet/core/install/linux-debian: aspnetcore-runtime-10.0);
  if it lies elsewhere: ln -s \"\$(command -v dotnet)\" /usr/bin/dotnet"
    elif ! /usr/bin/dotnet --list-runtimes | grep -q '^Microsoft\.AspNetCore\.App 10\.'; then
        missing="$missing
  .NET is here without the ASP.NET Core runtime 10: install aspnetcore-runtime-10.0"
    fi
    command -v systemctl > /dev/null || packages="$packages systemd"
    command -v ffmpeg > /dev/null || packages="$packages ffmpeg"
    libraries=$(PATH="$PATH:/sbin:/usr/sbin" ldconfig -p)
    case $libraries in *libmosquitto.so.1*) ;; *) packages="$packages libmosquitto1" ;; esac
    case $libraries in *libzbar.so.0*) ;; *) packages="$packages libzbar0" ;; esac
    [ -z "$packages" ] || missing="$missing
  Debian packages: apt-get install$packages"
    [ -z "$missing" ] || fail 2 "Nothing was changed. This box lacks:$missing"
}

make_user() {
    if ! getent passwd "$user" > /dev/null; then
        say "User $user: made"
        useradd --system --user-group --home-dir "$state" --no-create-home --shell /usr/sbin/nologin "$user"
    fi
    # Cameras, video decoders and GPIO, where the box has such groups.
    for group in video render gpio; do
        if getent group "$group" > /dev/null; then usermod -a -G "$group" "$user"; fi
    done
}

make_folders() {
    install -d -o "$user" -g "$user" -m 0700 "$state"
    install -d -o root -g "$user" -m 0750 "$etc"
    if [ -e "$config" ]; then
        say "Configuration $config: kept"
    else
        install -o root -g "$user" -m 0640 "$from/device-config/example-store.json" "$config"
        say "Configuration $config: made from the example"
    fi
}

# The folder's version and its content: the same bytes have the same name. What it finds is in $release.
put_release() {
    digest=$(cd "$from" && find . -type f | LC_ALL=C sort | tr '\n' '\0' | xargs -0 sha256sum | sha256sum | cut -c1-8)
    release=$(/usr/bin/dotnet "$from/edge-agent.dll" --version | cut -d+ -f1)-$digest
    if [ -d "$opt/releases/$release" ]; then
        say "Version $release: lies there already"
        return
    fi
    install -d "$opt/releases"
    new=$(mktemp -d "$opt/releases/.new.XXXXXX")
    trap 'rm -rf "$new"' EXIT
    # A package's files are root's already: linked, they lie on the disk once.
    [ "$from" = /usr/lib/edge-agent ] && cp -al "$from/." "$new" 2> /dev/null || cp -a "$from/." "$new"
    chown -R root:root "$new"
    chmod -R u=rwX,go=rX "$new"
    sync
    mv "$new" "$opt/releases/$release"
    trap - EXIT
    say "Version $release: put into $opt/releases"
}

as_agent() { setpriv --reuid "$user" --regid "$user" --init-groups --reset-env "$@"; }

is_example() { cmp -s "$opt/releases/$1/device-config/example-store.json" "$config"; }

# A version that cannot read this box's configuration is not tried.
check_config() {
    is_example "$1" || as_agent /usr/bin/dotnet "$opt/releases/$1/edge-agent.dll" config check "$config" > /dev/null || {
        code=$?
        [ "$(of current)" = "$1" ] || rm -rf "$opt/releases/$1"
        fail 2 "Version $1 does not take $config (exit code $code, the reason stands above). Nothing was changed; correct it, then run this again."
    }
}

# Which version a link names; empty when it is not there.
of() { if [ -e "$opt/$1" ]; then basename "$(readlink "$opt/$1")"; fi; }

point() { ln -sfn "releases/$2" "$opt/$1.new" && mv -T "$opt/$1.new" "$opt/$1"; }

# Makes a version the current one, with its own unit, and starts it. False when it does not become ready or does not stay.
start() {
    # Its caller asks whether it failed, so the shell does not stop by itself here.
    point current "$1" \
        && install -m 0644 "$opt/releases/$1/device-config/edge-agent.service" "$unit" \
        && printf '#!/bin/sh\nexec /usr/bin/dotnet %s/current/edge-agent.dll "$@"\n' "$opt" > "$command.new" \
        && chmod 0755 "$command.new" && mv "$command.new" "$command" \
        && systemctl enable --quiet edge-agent || return 1
    if ! has_systemd; then
        say "systemd does not run here: version $1 is in place and enabled, and NOT started."
        return 0
    fi
    systemctl daemon-reload || return 1
    if is_example "$1"; then
        say "Version $1 is in place and NOT started: $config is still the example."
        return 0
    fi
    say "Version $1: starting …"
    # Type=notify: this waits until the agent has said that it is ready.
    systemctl restart edge-agent || return 1
    process=$(systemctl show -P MainPID edge-agent)
    for _ in $(seq "$settle"); do
        sleep 1
        [ "$(systemctl show -P MainPID edge-agent)" = "$process" ] || return 1
    done
    say "Version $1: ready, and running for $settle s"
}

# exchange NEW OLD: NEW is started; when it fails OLD runs again, if there is one.
exchange() {
    start "$1" && return
    journalctl -u edge-agent -n 15 --no-pager -o cat >&2 || true
    if [ -z "$2" ]; then
        systemctl stop edge-agent
        fail 3 "Version $1 did not become ready and there is no version before it: the service is stopped. The lines above say why; edge-agent doctor $config says what to do."
    fi
    say "Version $1 did not become ready: going back to $2"
    start "$2" || fail 3 "Neither does $2: journalctl -u edge-agent says why."
    fail 3 "Version $1 did not become ready; $2 runs again. The lines above say why."
}

put() {
    check_box
    old=$(of current)
    say "Version here: ${old:-none yet}"
    make_user
    make_folders
    put_release
    check_config "$release"
    if [ "$release" = "$old" ]; then
        if has_systemd && systemctl is-active --quiet edge-agent; then
            say "Version $release: runs already, nothing to do"
            return
        fi
        exchange "$release" "$(of previous)"
    else
        exchange "$release" "$old"
        [ -z "$old" ] || point previous "$old"
    fi
    # Two versions stay: this one and the one before.
    for folder in "$opt"/releases/*; do
        case ${folder##*/} in "$(of current)" | "$(of previous)") ;; *) rm -rf "$folder" ;; esac
    done
    if is_example "$release"; then
        say "Next:
  1. Write $config: the store's cameras, readers and broker.
  2. sudo -u $user edge-agent models pull yolox-nano-416-megvii --models $state/models
  3. sudo -u $user edge-agent doctor $config --state $state --models $state/models
  4. systemctl start edge-agent"
    fi
}

back() {
    old=$(of current)
    before=$(of previous)
    [ -n "$before" ] || fail 2 "There is no version before ${old:-it}: nothing to go back to."
    check_config "$before"
    say "From $old back to $before"
    exchange "$before" "$old"
    point previous "$old"
}

uninstall() {
    if [ -e "$unit" ]; then
        if has_systemd; then systemctl stop edge-agent; fi
        systemctl disable --quiet edge-agent
    fi
    rm -rf "$opt" "$unit" "$command"
    if has_systemd; then systemctl daemon-reload; fi
    say "The agent is gone."
    if [ "${1:-}" != --purge ]; then
        say "Kept: $etc, $state and the user $user. With --purge they go too."
        return
    fi
    rm -rf "$etc" "$state" /etc/systemd/system/edge-agent.service.d
    if getent passwd "$user" > /dev/null; then userdel "$user"; fi
    say "Configuration, state and user are gone."
}

usage() { sed -n '4,8s/^# \{0,1\}//p' "$0"; }

case "${1:-}:${2:-}" in
    install: | upgrade: | rollback: | uninstall: | uninstall:--purge) ;;
    -h: | --help: | help:) usage; exit ;;
    *) usage >&2; exit 1 ;;
esac
[ "$(id -u)" -eq 0 ] || fail 1 "Only root can do this: sudo $0 $*"
case $1 in
    install | upgrade) put ;;
    rollback) back ;;
    uninstall) uninstall "${2:-}" ;;
esac
