import Probe
import Settings

@testable import Log

/// What echoscpd(8) says of `--probe`.
extension ManualPage {
  /// What a monitoring system is told, and when.
  private static let statuses = [
    (0, "Every C-ECHO was answered with Success, and every association was released."),
    (
      2,
      """
      At least one was not; what failed, in which phase and why, is in the output, where that can be \
      written.
      """
    ),
    (
      3,
      """
      Nothing could be asked: an option or the host is wrong, or the configuration of the service \
      that was to be asked. Standard error says what. Or all that was asked was answered, and standard \
      output could not be written; if that is a pipe that nobody reads any more, nothing is said.
      """
    ),
  ]

  /// What a cause stands for.
  private static func meaning(of cause: ProbeCause) -> String {
    switch cause {
    case .nameUnknown: "The name of the host is not known, or has no address."
    case .nameUnanswered: "No name server has answered."
    case .nameFailed: "Looking up the name has failed in another way."
    case .refused: "Nothing listens at the port."
    case .noRoute: "There is no way to the address."
    case .noIPVersion:
      "This machine has no IPv6 for an IPv6 address, or no IPv4 for an IPv4 address."
    case .forbidden: "A firewall or a security policy forbids the connection."
    case .localLimit: "This machine has no port, no descriptor or no memory left."
    case .system: "Another error of the operating system, which the text names."
    case .timeout: "Nothing came in time."
    case .closed: "The peer has closed the connection without an answer."
    case .reset: "The peer has reset the connection without an answer."
    case .incompleteAnswer:
      """
      An answer began, and its rest did not come, whether the peer fell silent, or closed or reset the \
      connection. The text has the PDU and how many of its bytes came.
      """
    case .notDICOM: "The first bytes are of another protocol."
    case .rejected: "A-ASSOCIATE-RJ."
    case .aborted: "A-ABORT."
    case .released: "A-RELEASE-RQ in place of the C-ECHO-RSP."
    case .contextRefused: "The presentation context was refused."
    case .status: "A C-ECHO-RSP with another status than Success."
    case .wrongAnswer: "Another answer than one that was due."
    }
  }

  /// The section about it.
  static func probe(_ page: inout RoffPage) {
    page.section("PROBE")
    page.paragraph(
      """
      With `--probe` the program is a requestor, a Verification SCU: it looks the host up, connects, \
      asks for an association for the Verification SOP Class, sends one C-ECHO-RQ, and releases the \
      association. It needs no privilege and changes nothing, and suits the health check of a \
      container or a load balancer, a monitoring system, and a person.
      """)
    page.paragraph(
      """
      A host is asked as the command line says; files are read only if `--config` names one. Without \
      a host it is the service of this machine, and echoscp.conf(5) says at which port and address \
      it listens, and how it is called; of several ports the first one is asked. Where systemd \
      passes the sockets, they need not be what the file says: then the port is to be named, as in \
      `echoscpd --probe 104`. The calling title has to be among its allow-calling-ae-titles.
      """)
    page.paragraph(
      """
      A host may be written as other requestors have it, too: `--probe HOST PORT` and \
      `--probe TITLE@HOST:PORT`, whose title is that of `--called-ae-title`. Standard error then \
      says as what it was understood, unless `-q` is there.
      """)
    page.paragraph(
      """
      The phases are resolve, connect, associate, echo and release. Each has one time limit, which \
      nothing that the peer sends extends: network-timeout for connect, acse-timeout for associate \
      and release, dimse-timeout for echo. Looking up a name takes as long as resolv.conf(5) lets \
      it. Every address of the host is tried until one answers, and each that fails is told.
      """)
    page.paragraph(
      """
      What is proposed is implicit and explicit VR little endian; `-xi`, `-xe` or `-xb` propose one \
      transfer syntax alone, `-x=` the three that are uncompressed. max-pdu is what is announced. \
      `-q` prints nothing, and any other level of the log changes nothing. A setting that is only \
      about answering is refused on the command line, and does not count in a file.
      """)
    page.paragraph(
      """
      The first line begins with OK or CRITICAL and has all that a monitoring system shows. Below it \
      is who answered, or what failed at which address, each with what to do. A | in any line, which \
      would begin performance data, is shown as \\x7c. With `--count` there \
      is a line at the end for all of them. With `--json` the members of each object are ok, number, \
      host, port, called_ae_title, calling_ae_title, address, times_ms (the phases that were \
      completed, no others; lost, what went to phases and addresses that failed, where there were any; \
      and total), \
      transfer_syntax (uid, name), peer (implementation_class_uid, \
      implementation_version_name, max_pdu), and failures, each with address, phase, cause, text, \
      remedy and time_ms. All but those of times_ms are always there, and null where there is no value. \
      A failure of the phase release means that the echo was answered.
      """)
    page.paragraph("The cause of a failure is one of these words, which stay:")
    for cause in ProbeCause.allCases { page.entry(Roff.bold(cause.rawValue), meaning(of: cause)) }
    page.paragraph("The exit status is that of a monitoring plugin:")
    for (status, meaning) in statuses { page.entry(Roff.bold("\(status)"), meaning) }
  }
}
