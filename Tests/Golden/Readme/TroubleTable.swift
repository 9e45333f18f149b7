import Log

/// The README's table of troubles: every cause once, those first that are met most.
enum TroubleTable {
  /// The whole table.
  static var text: String {
    let head = ["| on the device | `ECHOSCP_CAUSE` | what to change |", "|---|---|---|"]
    let nothing =
      "| timeout, no route, connection refused | no record at all | nothing arrives here: see "
      + "[below](#when-nothing-of-a-device-arrives) |"
    return (head + [nothing] + rows.map(\.row)).joined(separator: "\n")
  }

  /// Its rows.
  static let rows = [
    Trouble(
      "rejected, 1/1/7, called AE title not recognized", [.calledAETitle],
      "the called or remote AE title on the device: it is `ae-title` of this host, and upper and "
        + "lower case differ"),
    Trouble(
      "rejected, 1/1/3, calling AE title not recognized", [.callingAETitle],
      "its own AE title on the device; or `allow-calling-ae-titles`, or `address` of its "
        + "`[device …]` section, here"),
    Trouble(
      "no presentation context accepted, SOP class not supported",
      [.noVerificationContext, .noEchoSent, .unknownPresentationContext],
      "use Echo, Verify or DICOM Ping on the device, not a send: this host is no archive"),
    Trouble(
      "transfer syntax not supported", [.noCommonTransferSyntax],
      "propose Implicit VR Little Endian on the device; leave `prefer` out here"),
    Trouble(
      "connection closed at once, without an answer", [.addressDenied],
      "`allow-addresses` and `deny-addresses` here"),
    Trouble(
      "connected, then timeout", [.silentPeer, .stalledRequest, .stalledMessage],
      "a firewall that inspects DICOM, or the MTU on the way: `ping -M do -s 1472 DEVICE`; on a slow "
        + "line `acse-timeout` and `dimse-timeout` here"),
    Trouble(
      "connection lost or reset", [.peerVanished, .peerReset],
      "nothing if an echo was answered before; else a firewall between the two, or the timeouts of "
        + "the device"),
    Trouble(
      "handshake failed, TLS error", [.tlsOnPlainPort],
      "switch TLS off on the device, or put a proxy that ends TLS in front of this host"),
    Trouble(
      "aborted at once, or a protocol error",
      [
        .httpOnDICOMPort, .hl7OnDICOMPort, .sshOnDICOMPort, .smbOnDICOMPort, .rdpOnDICOMPort,
        .socksOnDICOMPort, .notDICOM,
      ],
      "something else than DICOM calls this port: correct host and port there; a load balancer "
        + "must send no PROXY header"),
    Trouble(
      "rejected, local limit exceeded or temporary congestion",
      [.tooManyAssociations, .tooManyFromAddress, .partialPDUMemory],
      "see with `ss -tn` who has so many connections; raise the limit that the message names"),
    Trouble(
      "connection closed or delayed while many are open", [.tooManyPending, .outOfDescriptors],
      "see with `ss -tn` who connects and says nothing, and put it among `deny-addresses`; or raise "
        + "`max-pending`, `LimitNOFILE=`"),
    Trouble(
      "aborted while many are open", [.associationEvicted],
      "its address holds too many associations: let the device release them; or raise `LimitNOFILE=`, "
        + "or give it a `[device …]` section here"),
    Trouble(
      "aborted after a pause", [.idleAssociation],
      "nothing if an echo was answered before; else raise `network-timeout` here"),
    Trouble(
      "cancelled, or an error of its own", [.peerAborted],
      "the device has ended it: its own log has the reason"),
    Trouble(
      "it hangs", [.stalledReceiver], "restart the DICOM service of the device: it reads no answers"
    ),
    Trouble(
      "PDU too long, maximum length", [.pduTooLong, .maxLengthTooSmall],
      "its maximum PDU length: 16384; or `max-pdu = 0` here"),
    Trouble(
      "aborted, although host, port and AE titles are right",
      [
        .malformedPDU, .malformedCommand, .unexpectedPDU, .unrecognizedPDU, .requestTooLong,
        .notAnEcho, .echoWithDataSet, .protocolVersion, .applicationContext,
      ],
      "its software breaks the standard: give its manufacturer the record with its bytes, as "
        + "`journalctl -o verbose` shows it"),
    Trouble(
      "aborted once, while this host was being worked on", [.draining, .stoppedAtOnce],
      "nothing: echo again when the service is back"),
    Trouble(
      "every device: closed without an answer", [.configInvalid],
      "`echoscpd --check-config` names the lines that are wrong"),
    Trouble(
      "every device: as before, after a reload", [.reloadFailed],
      "this host is short of file descriptors or memory: `free`, then reload again"),
    Trouble(
      "every device: connection refused", [.listenFailed],
      "another program has the port: `ss -ltnp`; or use `echoscpd.socket`"),
    Trouble(
      "every device: timeout", [.acceptFailed],
      "this host is short of memory: `free`, `journalctl -p err`"),
    Trouble(
      "nothing is wrong, a monitor is green", [.healthCheck],
      "nothing, unless it is a device that connects so: then a firewall between the two"),
    Trouble(
      "nothing is wrong, but records are missing", [.recordsDropped],
      "the journal is slow or its disk full: `df`; set `log-level` back to `auto`"),
  ]
}
