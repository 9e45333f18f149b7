# bash completion for echoscpd(8).
# Generated from the table of settings by `make texts`; do not edit.

_echoscpd()
{
  local IFS=$' \t\n' current=${COMP_WORDS[COMP_CWORD]} option='' prefix='' attached='' word
  local previous=${COMP_WORDS[COMP_CWORD - 1]} takes='' words='' dashes=-
  local options='
    -h --help -V --version --config --check-config --dump-config --reload --probe -aec
    --called-ae-title --calling-ae-title --devices --tls --server-name --count --interval -w
    --warning -c --critical --json --haproxy-check -q --quiet -v --verbose -d --debug -x=
    --prefer-uncompr -xe --prefer-little -xb --prefer-big -xi --implicit -ll --log-level
    --log-target --log-pdus --user --core-dumps -aet --ae-title -ta --acse-timeout -td
    --dimse-timeout -tn --network-timeout -pdu --max-pdu -ba --bind-address --workers
    --drain-timeout --require-called-ae-title --allow-calling-ae-titles --allow-addresses
    --deny-addresses --tls-port --tls-certificate --tls-private-key --tls-ca-certificates
    --tls-device-certificates --tls-crl --tls-client-certificate --tls-min-version
    --max-tls-associations --proxy-port --tls-proxy-port --proxy-trusted --max-associations
    --max-associations-per-address --max-pending --max-pending-per-address
    --max-connection-rate --partial-pdu-memory --max-pdus-per-wakeup --max-bytes-per-wakeup
    --max-unread
  '
  local names='
    h help V version config check-config dump-config reload probe aec called-ae-title
    calling-ae-title devices tls server-name count interval w warning c critical json
    haproxy-check q quiet v verbose d debug x= prefer-uncompr xe prefer-little xb prefer-big
    xi implicit ll log-level log-target log-pdus user core-dumps aet ae-title ta acse-timeout
    td dimse-timeout tn network-timeout pdu max-pdu ba bind-address workers drain-timeout
    require-called-ae-title allow-calling-ae-titles allow-addresses deny-addresses tls-port
    tls-certificate tls-private-key tls-ca-certificates tls-device-certificates tls-crl
    tls-client-certificate tls-min-version max-tls-associations proxy-port tls-proxy-port
    proxy-trusted max-associations max-associations-per-address max-pending
    max-pending-per-address max-connection-rate partial-pdu-memory max-pdus-per-wakeup
    max-bytes-per-wakeup max-unread
  '
  COMPREPLY=()
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [[ $word == -- ]] && return
  done

  # A value follows a space or an equals sign. The latter is a separate word, unless it was
  # removed from COMP_WORDBREAKS.
  if [[ $current == -*=* ]]; then
    attached=yes option=${current%%=*} prefix=${current%%=*}= current=${current#*=}
  elif [[ $current == = ]]; then
    attached=yes option=$previous current=''
  elif [[ $previous != = ]]; then
    option=$previous
  elif [[ -z $COMP_LINE || ${COMP_LINE:0:COMP_POINT} == *"=$current" ]]; then
    attached=yes option=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  [[ $option == -* ]] || option=''
  option=${option#-}

  case ${option#-} in
    config) takes=file ;;
    reload) takes=file ;;
    aec | called-ae-title) takes=anything ;;
    calling-ae-title) takes=anything ;;
    server-name) takes=anything ;;
    count) takes=anything ;;
    interval) takes=anything ;;
    w | warning) takes=anything ;;
    c | critical) takes=anything ;;
    ll | log-level) takes=words words='none critical error warning info debug auto' ;;
    log-target) takes=words words='auto journal stderr' ;;
    log-pdus) [[ $attached ]] && takes=words words='yes no' ;;
    user) takes=words words='none' ;;
    core-dumps) [[ $attached ]] && takes=words words='yes no' ;;
    aet | ae-title) takes=anything ;;
    ta | acse-timeout) takes=anything ;;
    td | dimse-timeout) takes=anything ;;
    tn | network-timeout) takes=anything ;;
    pdu | max-pdu) takes=anything ;;
    ba | bind-address) takes=words words='all' ;;
    workers) takes=words words='auto' ;;
    drain-timeout) takes=anything ;;
    require-called-ae-title) [[ $attached ]] && takes=words words='yes no' ;;
    allow-calling-ae-titles) takes=words words='all' ;;
    allow-addresses) takes=words words='all' ;;
    deny-addresses) takes=words words='none' ;;
    tls-port) takes=words words='none' ;;
    tls-certificate) takes=file ;;
    tls-private-key) takes=file ;;
    tls-ca-certificates) takes=file ;;
    tls-device-certificates) takes=file ;;
    tls-crl) takes=file ;;
    tls-client-certificate) takes=words words='require request no' ;;
    tls-min-version) takes=words words='1.2 1.3' ;;
    max-tls-associations) takes=anything ;;
    proxy-port) takes=words words='none' ;;
    tls-proxy-port) takes=words words='none' ;;
    proxy-trusted) takes=words words='none' ;;
    max-associations) takes=words words='auto' ;;
    max-associations-per-address) takes=anything ;;
    max-pending) takes=words words='auto' ;;
    max-pending-per-address) takes=anything ;;
    max-connection-rate) takes=anything ;;
    partial-pdu-memory) takes=anything ;;
    max-pdus-per-wakeup) takes=anything ;;
    max-bytes-per-wakeup) takes=anything ;;
    max-unread) takes=anything ;;
  esac

  case $takes in
    file)
      mapfile -t COMPREPLY < <(compgen -P "$prefix" -f -- "$current")
      # Leave quoted names and names with a tilde to readline.
      [[ $prefix ]] || compopt -o filenames -o default 2>/dev/null
      return
      ;;
    words) mapfile -t COMPREPLY < <(compgen -P "$prefix" -W "$words" -- "$current") ;;
  esac
  [[ -z $takes && -z $attached && $current == -* ]] || return

  mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
  ((${#COMPREPLY[@]})) && return
  # Every name may have one dash or two.
  [[ $current == --* ]] && dashes=--
  mapfile -t COMPREPLY < <(compgen -P "$dashes" -W "$names" -- "${current#"$dashes"}")
}

complete -F _echoscpd echoscpd
