import Requestor
import Settings
import TestKit
import UpperLayer
import Verification

/// Chapter 7: what goes over the network: parameters, timers, limits, and the one application
/// entity.
extension Conformance {
  static func network(_ document: inout MarkdownDocument) {
    document.section("7", "Network and media communication details")
    document.section("7.1", "General")
    document.section("7.1.1", "General association parameters")
    document.table(
      "General association parameters", ["parameter", "acceptor", "initiator"],
      parameters)
    document.section("7.1.2", "Network interfaces")
    document.paragraph(
      """
      The Upper Layer protocol of PS3.8 on TCP/IP, over whatever carries TCP. IPv4 and IPv6 are \
      both supported. The acceptor listens on all addresses of the machine or on those that are given; \
      where systemd passes sockets, these decide. It looks no name up, forwards or backwards. The \
      initiator looks up the name of the host that it is to ask, and tries its addresses in turn. \
      Nagle's algorithm is off. Media are not supported.
      """)
    document.section("7.1.3", "Timers")
    document.paragraph(
      """
      ARTIM is the timer of PS3.8 §9.1.5; the others are not in the standard. They follow the \
      monotonic clock; the acceptor checks its timers ten times a second. 0 switches a timer off.
      """)
    document.table(
      "Timers of the acceptor",
      ["timer", "runs", "parameter", "default", "values", "when it expires"],
      timers.map { timer in
        [
          timer.name, timer.runs, "`\(timer.key)`", "\(defaultText(timer.key)) s",
          valueText(timer.key), timer.end,
        ]
      })
    document.table(
      "Timers of the initiator", ["timer", "runs", "parameter", "default", "when it expires"],
      InitiatorTrial.timers.map { timer in
        [
          timer.name, timer.runs, "`\(timer.key)`", "\(defaultText(timer.key)) s",
          "\(timer.end); the connection is closed",
        ]
      })
    document.paragraph(
      """
      Bytes that trickle in extend none of them but the idle time of an association with the acceptor. \
      A peer that \
      does not take what is sent to it is not listened to meanwhile, and disconnected after \
      `network-timeout`. When the service is asked to stop, associations that are busy have \
      `drain-timeout` (\(defaultText("drain-timeout")) s) to end, and one that is idle is aborted \
      after a second.
      """)
    document.section("7.2", "Specifications")
    document.section("7.2.1", "Verification application entity")
    document.section("7.2.1.1", "Sequencing of real-world activities")
    document.paragraph("See 4.1.2.")
    associations(&document)
    initiation(&document)
    document.section("7.2.1.4", "Association acceptance")
    acceptance(&document)
    statusCodes(&document)
  }

  private static func associations(_ document: inout MarkdownDocument) {
    document.section("7.2.1.2", "Association parameters")
    document.paragraph(
      """
      The initiator has one association at a time. How many the acceptor may have is a matter of its \
      configuration. `auto` is what the limit of file descriptors has \
      room for, a quarter of it for connections without an association, so that a requestor is still \
      told when there are no more associations. An IPv6 network of 64 bits counts as one address.
      """)
    document.table(
      "Limits of the acceptor", ["what is bounded", "parameter", "default", "at the limit"],
      limits.map { [$0.what, "`\($0.key)`", "`\(defaultText($0.key))`", $0.end] })
    document.paragraph(
      """
      With `max-associations = auto`, when all associations are taken and one address has more than an \
      eighth of them, and more than twice as many as the requestor's, the one of that address that has \
      been idle longest is aborted (A-ABORT 0/0), and the requestor is accepted. Those in the middle of \
      a message come last, and those of an address that a `[device]` section names are never aborted \
      so. Here an IPv6 network of 48 bits counts as one address.
      """)
    document.paragraph(
      """
      At most 64 requestors may lag behind with reading what is sent to them, 8 of one address; the \
      connection of the one that has for the longest time is closed. The connection is also closed of \
      one that takes nothing for `network-timeout`, or less than 16 KiB a second for twice that time. \
      A connection is closed by FIN, and what was sent before still arrives; by a reset only where more \
      than 4 KiB of it are not acknowledged, or anything is when ARTIM expires in Sta13.
      """)
  }

  private static var parameters: [[String]] {
    [
      same("Application Context Name", text(of: .applicationContext)),
      same("Protocol version", "1 (bit 0); other bits are not tested"),
      same("Implementation Class UID", Implementation.classUID),
      same("Implementation Version Name", Implementation.versionName),
      same(
        "Maximum length received (PDU-length of a P-DATA-TF)",
        "\(defaultText("max-pdu")) by default; `max-pdu`: \(valueText("max-pdu"))"),
      [
        "Maximum length sent", "what the requestor announces; without it there is no limit",
        "what the acceptor announces, from \(EchoProposal.leastMaximumLength) on; without it there is "
          + "no limit",
      ],
      [
        "Largest A-ASSOCIATE-RQ or A-ASSOCIATE-AC received",
        "PDU-length \(AssociateRequest.maximumLength), with as many presentation contexts as there "
          + "are IDs",
        "PDU-length \(AnswerReader.longestAccept)",
      ],
      [
        "Largest command set received", "\(Association.maximumCommandLength) bytes",
        "\(AnswerReader.longestCommandSet) bytes",
      ],
      ["Associations at once", "`max-associations`; see 7.2.1.2", "1, by --probe alone"],
      [
        "Asynchronous operations",
        "not supported: the window is not negotiated, so 1 operation invoked and 1 performed; "
          + "requests that come before the answer are answered in their order all the same",
        "not supported: the window is not negotiated, and 1 operation is invoked",
      ],
      [
        "Roles", "SCP; role selection is not answered, so the default roles hold",
        "SCU; role selection is not proposed",
      ],
    ]
  }

  private static func same(_ parameter: String, _ value: String) -> [String] {
    [parameter, value, value]
  }

  private static let limits: [(what: String, key: String, end: String)] = [
    ("associations at once", "max-associations", "A-ASSOCIATE-RJ 2/3/2"),
    (
      "associations at once with one address", "max-associations-per-address",
      "A-ASSOCIATE-RJ 2/3/2"
    ),
    (
      "connections without an association", "max-pending",
      "one is closed, without a PDU: the oldest of the address that has most, if that is more than an "
        + "eighth; else the oldest, if it is a second old; else the newcomer"
    ),
    (
      "connections without an association, with one address", "max-pending-per-address",
      "the oldest from there is closed, without a PDU"
    ),
    (
      "connections of one address in any second", "max-connection-rate",
      "closed unread, without a PDU"
    ),
    (
      "memory for PDUs that have come in part, beside 8 KiB for each request", "partial-pdu-memory",
      "A-ASSOCIATE-RJ 2/3/1 before an association, A-ABORT 0/0 on one: of the peer whose PDU is the "
        + "largest, if it is larger than what is needed or 5 s old, else of the one that needs it"
    ),
    (
      "PDUs of one peer served in one go", "max-pdus-per-wakeup", "the others have their turn"
    ),
    (
      "bytes of one peer taken in one go", "max-bytes-per-wakeup", "the others have their turn"
    ),
    ("answers that a peer leaves unread", "max-unread", "it is not listened to until it reads"),
  ]

  /// Every limit that has a table row, by its key.
  static var limitKeys: [String] { limits.map(\.key) }

  private typealias Timer = (name: String, runs: String, key: String, end: String)

  /// The timers, with what was sent when each had expired.
  private static var timers: [Timer] {
    [
      (
        "ARTIM, Sta2", "from the transport connection to the last byte of the A-ASSOCIATE-RQ",
        "acse-timeout", end { $0.receive([0x01]) }
      ),
      (
        "ARTIM, Sta13", "from the last PDU that ends the association to the peer's close",
        "acse-timeout",
        end { loop in
          loop.receive(Wire.associateRequest() + Wire.releaseRequest)
        }
      ),
      (
        "DIMSE", "from the first fragment of a message to its last", "dimse-timeout",
        end { loop in
          let half = Array(Wire.echoCommand(messageID: Trial.messageID).prefix(40))
          return loop.receive(Wire.associateRequest() + Wire.data(Wire.pdv(1, 1, half)))
        }
      ),
      (
        "network", "on an association, since its last byte", "network-timeout",
        end { $0.receive(Wire.associateRequest()) }
      ),
    ]
  }

  /// What is sent when the timer of the state has expired that `act` led to.
  private static func end(_ act: (inout VirtualLoop<Recorder>) -> [UInt8]) -> String {
    let pdus = Trial.answer { loop in
      _ = act(&loop)
      return loop.pass(milliseconds: 30_000)
    }
    let closes = "the connection is closed"
    return pdus.isEmpty ? "no PDU; \(closes)" : "\(pdus.map(\.title).joined(separator: ", "))"
  }
}
