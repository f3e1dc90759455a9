#!/bin/sh
# Certificates for a broker, its boxes and its roles, by openssl alone. Keys are P-256 and stay in the folder in which they are made.
#
#   make-certificates.sh ca     FOLDER [DAYS]                      two authorities: ca for broker and boxes, tools-ca for roles; keep their keys off the broker
#   make-certificates.sh broker FOLDER HOST [HOST…]                the broker's own, for the names and addresses that boxes call
#   make-certificates.sh box    FOLDER TENANT STORE BOX [DAYS]     one box: the name in it is TENANT/STORE/BOX
#   make-certificates.sh role   FOLDER NAME [DAYS]                 a role of the acl file: fleet, checkout, screen-TENANT-STORE
set -eu
umask 077

say() { printf '%s\n' "$*" >&2; exit 2; }

new_key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1"; }

# authority FOLDER NAME DAYS
authority() {
    [ ! -e "$1/$2.key" ] || say "$1/$2.key is there already; another one would make every certificate worthless."
    new_key "$1/$2.key"
    openssl req -x509 -new -key "$1/$2.key" -sha256 -days "$3" -subj "/CN=edge-agent $2" \
        -addext 'basicConstraints=critical,CA:TRUE,pathlen:0' -addext 'keyUsage=critical,keyCertSign,cRLSign' -out "$1/$2.crt"
}

# sign FOLDER CA FILE COMMON-NAME DAYS EXTENSIONS
sign() {
    authority=$1/$2
    shift
    [ -f "$authority.key" ] || say "There is no $authority.key; run: $0 ca FOLDER"
    # X.509 allows 64 characters in a common name (RFC 5280, A.1), and the broker takes the name from there.
    [ "${#3}" -le 64 ] || say "The name $3 has ${#3} characters; a certificate holds 64. Shorten store.tenant, store.store or store.box."
    printf '%s\n' "$5" 'basicConstraints=critical,CA:FALSE' 'keyUsage=critical,digitalSignature' > "$2.ext"
    new_key "$2.key"
    # The slashes of a box's name would part the fields of -subj; with \/ they are letters.
    openssl req -new -key "$2.key" -subj "/CN=$(printf '%s' "$3" | sed 's,/,\\/,g')" -out "$2.csr"
    openssl x509 -req -in "$2.csr" -CA "$authority.crt" -CAkey "$authority.key" -CAcreateserial -sha256 -days "$4" -extfile "$2.ext" -out "$2.crt" 2> /dev/null
    rm "$2.ext" "$2.csr"
}

kind=${1:-}
folder=${2:-}
[ -n "$folder" ] || say "$(sed -n '2,8s/^# \{0,1\}//p' "$0")"
mkdir -p "$folder"
shift 2
case "$kind" in
    ca)
        authority "$folder" ca "${1:-3650}"
        authority "$folder" tools-ca "${1:-3650}" ;;
    broker)
        [ $# -ge 1 ] || say "Name the hosts that boxes call."
        first=$1
        names=
        for host; do
            case "$host" in
                *[!0-9.]*) names="$names,DNS:$host" ;;
                *) names="$names,IP:$host" ;;
            esac
        done
        sign "$folder" ca "$folder/broker" "$first" 825 "subjectAltName=${names#,}
extendedKeyUsage=serverAuth" ;;
    box)
        [ $# -ge 3 ] || say "Name tenant, store and box."
        for name in "$1" "$2" "$3"; do
            case "$name" in '' | *[!a-z0-9-]*) say "'$name' is no name: a-z 0-9 - only." ;; esac
        done
        sign "$folder" ca "$folder/$1-$2-$3" "$1/$2/$3" "${4:-397}" 'extendedKeyUsage=clientAuth' ;;
    role)
        [ $# -ge 1 ] || say "Name the role."
        # Two slashes make a box: a role must not look like one.
        case "$1" in '' | *[!a-z0-9-]*) say "'$1' is no role: a-z 0-9 - only." ;; esac
        sign "$folder" tools-ca "$folder/$1" "$1" "${2:-397}" 'extendedKeyUsage=clientAuth' ;;
    *) say "There is no kind '$kind': ca, broker, box or role." ;;
esac
