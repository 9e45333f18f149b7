/// The recipes of echoscpd-journal(7) and of the README, for who stands in front of a device that gets
/// no answer. CT1 at 192.0.2.7 stands for that device in all of them.
enum JournalRecipes {
  /// What the journal is asked.
  static let questions = [
    JournalRecipe(
      "What went wrong today, counted by cause:",
      #"""
      journalctl -u echoscpd -S today -p warning -o export \
        --output-fields=ECHOSCP_CAUSE,ECHOSCP_REPEATED |
      awk -F= '
        BEGIN { n = 1 }
        $1 == "ECHOSCP_CAUSE" { cause = $2 }
        $1 == "ECHOSCP_REPEATED" { n = $2 }
        !NF { if (cause) sum[cause] += n; cause = ""; n = 1 }
        END { for (cause in sum) print sum[cause], cause }' |
      sort -rn
      """#,
      reading: "A record that stands for several, since they repeat, counts as so many."),
    JournalRecipe(
      "Which addresses go on failing today, and how often each of them has:",
      #"""
      journalctl -u echoscpd -S today -p warning -o export \
        --output-fields=DICOM_PEER_ADDRESS,ECHOSCP_REPEATED |
      awk -F= '
        BEGIN { n = 1 }
        $1 == "DICOM_PEER_ADDRESS" { address = $2 }
        $1 == "ECHOSCP_REPEATED" { n = $2 }
        !NF { if (address) sum[address] += n; address = ""; n = 1 }
        END { for (address in sum) print sum[address], address }' |
      sort -rn
      """#),
    JournalRecipe(
      "All of one device by its AE title, and what came of it:",
      "journalctl -u echoscpd DICOM_CALLING_AE=CT1"),
    JournalRecipe(
      "The same by its address, as long as nobody knows its AE title:",
      "journalctl -u echoscpd DICOM_PEER_ADDRESS=192.0.2.7"),
    JournalRecipe(
      "The last association of a device from its first record to its last:",
      #"""
      id=$(journalctl -u echoscpd -n 1 -o cat \
        --output-fields=DICOM_ASSOCIATION DICOM_CALLING_AE=CT1)
      journalctl -u echoscpd DICOM_ASSOCIATION="$id"
      """#,
      reading: """
        It is one record, unless log-level was debug at that time: then each step is there, with \
        what the device proposed and what was accepted.
        """),
    JournalRecipe(
      "The devices of this week, each with its last echo:",
      #"""
      journalctl -u echoscpd -S -7d -o export \
        --output-fields=DICOM_CALLING_AE,DICOM_ECHOES |
      awk '
        { value = $0; sub(/^[^=]*=/, "", value) }
        /^__REALTIME_TIMESTAMP=/ { time = int(value / 1e6) }
        /^DICOM_CALLING_AE=/ { title = value }
        /^DICOM_ECHOES=/ { echoes = value }
        !NF && echoes > 0 { last[title] = time }
        !NF { title = ""; echoes = 0 }
        END { for (title in last) print last[title], title }' |
      sort -n |
      while read -r time title; do
        echo "$(date -d "1970-01-01 UTC $time sec" +%F\ %T) $title"
      done
      """#,
      reading: "A device that is missing has been gone for a week, or was never answered."),
    JournalRecipe(
      "Watch while somebody presses Echo on the device, with an explanation of each record:",
      "journalctl -u echoscpd -f -x", reading: "Ctrl-C ends it."),
    JournalRecipe(
      "Which devices an archive that is stricter would refuse, for the AE title that they call:",
      #"""
      journalctl -u echoscpd -o cat --output-fields=DICOM_CALLING_AE \
        ECHOSCP_NOTES=called-ae-title-differs | sort | uniq -c
      """#),
  ]

  /// What is looked at, in this order, when nothing of a device arrives.
  static let silence = [
    JournalRecipe(
      "Has it ever come? One line says when it was last there, and what came of it:",
      "journalctl -u echoscpd -n 1 DICOM_PEER_ADDRESS=192.0.2.7",
      reading: """
        With a line the network is right, and its ECHOSCP_CAUSE says the rest. Without one it has not \
        come, or it comes by another address, that of a router which translates addresses. With \
        health-check as its cause it came and said nothing: if it is no monitor, a firewall between \
        the two lets a connection begin and then cuts it.
        """),
    JournalRecipe(
      "Is the port open?",
      "systemctl status --no-pager echoscpd.socket",
      reading: """
        It should be active (listening). If not: `systemctl enable --now echoscpd.socket`; where it \
        has failed, its last lines say why, or those of systemctl status echoscpd.
        """),
    JournalRecipe(
      "Is it the port and the address that the device has?",
      "ss -ltn",
      reading: """
        A line with *:11112 or [::]:11112 is every address of this host; 127.0.0.1:11112 is reached \
        from this host alone. `systemctl edit echoscpd.socket` changes it.
        """),
    JournalRecipe(
      "Does systemd keep addresses away from the port?",
      "systemctl show echoscpd.socket -p IPAddressAllow -p IPAddressDeny",
      reading: """
        Both are empty as installed. If IPAddressDeny has the device and IPAddressAllow has not, its \
        packets are dropped, and no log says so.
        """),
    JournalRecipe(
      "Is there a way back to the device?",
      "ip route get 192.0.2.7",
      reading: """
        It names the router (via) and the interface (dev). If they are not those of the device's \
        network, or there is no route, answers never get there.
        """),
    JournalRecipe(
      "Does a firewall of this host drop it? As root:",
      "nft list ruleset",
      reading: """
        Without an output there is none. Where a chain of hook input has policy drop, a rule has to \
        accept tcp dport 11112.
        """),
    JournalRecipe(
      """
      Does its first packet arrive? As root, with tcpdump of the Debian package of that name, while \
      somebody presses Echo on the device:
      """,
      "timeout 30 tcpdump -n -i any host 192.0.2.7 and tcp port 11112",
      reading: """
        Nothing: the address or the port is wrong on the device, or a cable, a VLAN, a route or a \
        firewall between the two stops it. Only lines with [S]: this host drops it, see above. [S] \
        and then [R.]: nobody listens on that port. [S], [S.] and then nothing: the answer does not \
        get back.
        """),
  ]

  /// All of them, as the page has them.
  static let all = questions + silence
}
