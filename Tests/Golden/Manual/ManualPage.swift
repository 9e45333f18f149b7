import Settings

/// echoscpd(8): what the program is for, how it is used every day, and each of its options, which
/// come from the table.
enum ManualPage {
  private static let port = Setting.named("port")?.defaultText ?? ""
  private static let file = ConfigurationFile.standardPath
  private static let folder = ConfigurationFile.folder(of: file)

  /// The whole page.
  static var text: String {
    var page = RoffPage("echoscpd", section: 8, of: "System Manager's Manual")
    page.section("NAME")
    page.fill("echoscpd \\- DICOM Verification SCP, the daemon that answers C-ECHO")
    synopsis(&page)
    description(&page)
    page.section("EXAMPLES")
    for (purpose, lines) in examples {
      page.paragraph(purpose)
      page.example(lines)
    }
    options(&page)
    probe(&page)
    files(&page)
    exitStatus(&page)
    signals(&page)
    privileges(&page)
    journal(&page)
    page.section("ENVIRONMENT")
    page.entry(
      Roff.bold("JOURNAL_STREAM"),
      """
      The device and the inode of the connection to the journal. If standard error is that file, \
      the log goes to the journal, unless log-target says otherwise; see systemd.exec(5).
      """)
    page.entry(
      Roff.bold("NOTIFY_SOCKET"),
      """
      Where the service manager is told that all threads serve, how many associations and echoes \
      there are and have been, that a reload or the end has begun, and how long that may take; see \
      sd_notify(3).
      """)
    page.entry(
      "\(Roff.bold("WATCHDOG_USEC")), \(Roff.bold("WATCHDOG_PID"))",
      """
      How often it wants to hear that the program is well: it hears so while every thread goes \
      round its loop.
      """)
    page.entry(
      "\(Roff.bold("LISTEN_FDS")), \(Roff.bold("LISTEN_PID")), \(Roff.bold("LISTEN_FDNAMES"))",
      """
      Sockets that the service manager has opened: they are listened on, and port and bind-address \
      do not apply. Each has to be a listening TCP socket. See sd_listen_fds(3).
      """)
    page.entry(
      Roff.bold("RUNTIME_DIRECTORY"),
      """
      The folder in which `--reload` finds its answers; it looks in /run/echoscpd without.
      """)
    page.paragraph("Nothing else in the environment changes anything.")
    standards(&page)
    limits(&page)
    page.section("SEE ALSO")
    page.fill(
      Roff.prose("echoscp.conf(5), echoscpd-journal(7), echoscu(1), journalctl(1), systemd(1)"))
    return page.text
  }

  private static func synopsis(_ page: inout RoffPage) {
    let program = Roff.bold("echoscpd")
    let rest = "[\(Roff.italic("options"))] [\(Roff.italic("port"))]"
    page.section("SYNOPSIS")
    page.fill("\(program) \(rest)")
    for action in [Action.checkConfig, .dumpConfig] {
      page.lineBreak()
      page.fill("\(program) \(Roff.bold("--\(action.long)")) \(rest)")
    }
    page.lineBreak()
    let host = Roff.italic("host[:port]")
    page.fill("\(program) \(Roff.bold("--probe")) [\(Roff.italic("options"))] [\(host)]")
  }

  private static func description(_ page: inout RoffPage) {
    page.section("DESCRIPTION")
    page.paragraph(
      """
      `echoscpd` tells whether two machines can talk DICOM. It is a Verification SCP: it listens, \
      accepts associations for the Verification SOP Class (1.2.840.10008.1.1), and answers every \
      C-ECHO-RQ with Success. Its partner is echoscu(1), or what is called Echo, Verify or DICOM \
      Ping on a modality, a workstation or an archive. Who gets an answer has the network, the \
      port and the negotiation right, and with require-called-ae-title the AE title as well.
      """)
    page.paragraph(
      """
      It does nothing else: it stores nothing and finds nothing, and it calls somebody only when it \
      is told to be a requestor itself, by `--probe`. Another SOP Class \
      is not accepted, any other request ends its association with an A-ABORT, and the log says \
      what would have been right.
      """)
    page.paragraph(
      """
      It stays in the foreground and writes its log to standard error, one line for what goes \
      wrong, each beginning with a letter: C for critical, E for an error, W for a warning. \
      `-v` adds the steps of every association as I, with a line on who it was and what ended it \
      unless that was a release, `-d` everything else as D. As a service it \
      writes to the journal instead; see below.
      """)
    page.paragraph(
      """
      Its settings come from echoscp.conf(5) and from the command line, which counts more. The \
      options and the lines of the log are those of pynetdicom's `echoscp`.
      """)
  }

  /// What people do every day: what for, and what they type.
  static let examples: [(purpose: String, lines: String)] = [
    (
      "Answer on port \(port), showing every association, and ask it from another terminal:",
      """
      $ echoscpd -v
      $ echoscu -v localhost \(port)
      """
    ),
    (
      """
      Answer on DICOM's well-known port, which needs a privilege, and show every request and \
      answer in full:
      """,
      "$ sudo echoscpd -d --user nobody 104"
    ),
    (
      "Answer as MYPACS, and reject whoever calls another AE title:",
      """
      $ echoscpd -v -aet MYPACS --require-called-ae-title
      $ echoscu -v -aec MYPACS localhost \(port)
      """
    ),
    (
      "Answer this machine alone, and of its AE titles only those that begin with CT:",
      "$ echoscpd -v -ba 127.0.0.1,::1 --allow-calling-ae-titles 'CT*'"
    ),
    (
      "See whether the configuration is good, without opening a socket:",
      """
      $ echoscpd --check-config
      configuration good: \(file)
      """
    ),
    (
      "See the value of every setting, and which file, line or option it comes from:",
      "$ echoscpd --dump-config"
    ),
    (
      "See whether the service of this machine answers, as the health check of a container does:",
      "$ echoscpd --probe -q -ta 3"
    ),
    (
      "See whether an archive answers, and how fast, ten times:",
      "$ echoscpd --probe pacs.example:104 -aec ARCHIVE --count 10"
    ),
  ]

  private static func options(_ page: inout RoffPage) {
    page.section("OPTIONS")
    page.paragraph(
      """
      Every name may be written with one dash or with two, a long one may be shortened as long as \
      it stays unambiguous, and a value stands behind a blank or an equals sign. Switches that \
      set the same exclude each other. `--` ends the options.
      """)
    for setting in Setting.all where setting.isOperand {
      page.entry(Roff.italic(setting.key), setting.about)
      page.line("Default", Roff.bold(setting.defaultText))
    }
    for group in OptionGroup.all {
      page.subsection(group.heading)
      if case .section(let section) = group {
        for setting in Setting.all
        where setting.section == section && setting.placeholder == nil && !setting.isOperand {
          page.paragraph("The setting `\(setting.key)` of echoscp.conf(5). \(setting.about)")
        }
      }
      for option in group.options {
        page.entry(option.tag, sentences(about: option))
        if let text = option.defaultText { page.line("Default", Roff.bold(text)) }
      }
    }
  }

  private static func sentences(about option: CommandLineOption) -> String {
    switch option {
    case .setting(let setting): setting.about
    case .action(let action): action.about
    case .probe(let option): option.about
    case .switch(let flag):
      "\(sentence(flag.help)) The same as `\(flag.key) = \(flag.value)` in echoscp.conf(5)."
    }
  }

  private static func sentence(_ words: String) -> String {
    words.prefix(1).uppercased() + words.dropFirst() + "."
  }

  private static func files(_ page: inout RoffPage) {
    page.section("FILES")
    page.entry(
      Roff.italic(file), "The configuration; see echoscp.conf(5). `--config` names another file.")
    page.entry(
      Roff.italic("\(folder)/*.conf"),
      "More of it, read after that file in the order of their names.")
  }

  /// What the program ends with, and why.
  static let exitStatuses = [
    (0, "It was stopped by a signal, or has printed what it was asked for."),
    (
      64,
      """
      An option or the port is wrong, or the process of `--reload` is no echoscpd; the one line on \
      standard error says which and why.
      """
    ),
    (69, "Another program listens on the port, or the address is not one of this machine."),
    (70, "An internal error; please report it."),
    (
      71,
      """
      The system refuses what the program needs, or a service does not answer `--reload`. As a \
      service it takes 3.5 seconds to end so, or with 70 or 75, so that systemd goes on to try.
      """
    ),
    (
      74,
      """
      What was asked for could not be written to standard output. If that is a pipe that nobody reads any \
      more, nothing is said.
      """
    ),
    (75, "The configuration could not be read for want of file descriptors or memory: try again."),
    (
      77,
      """
      The port needs a privilege: those below 1024 need CAP_NET_BIND_SERVICE. Or user is somebody \
      whom the program cannot become, or the process of `--reload` belongs to another user.
      """
    ),
    (
      78,
      """
      The configuration is wrong; each fault has its line on standard error, or in the record of the \
      journal that tells of it. Or there is no such user as user says, or a socket that was passed is no listening TCP socket.
      """
    ),
  ]

  private static func exitStatus(_ page: inout RoffPage) {
    page.section("EXIT STATUS")
    for (status, meaning) in exitStatuses { page.entry(Roff.bold("\(status)"), meaning) }
    page.paragraph("Those above 0 are the ones of sysexits.h. `--probe` has others; see there.")
  }

  private static func signals(_ page: inout RoffPage) {
    page.section("SIGNALS")
    page.entry(
      "\(Roff.bold("SIGTERM")), \(Roff.bold("SIGINT"))",
      """
      The first one ends accepting, lets associations finish for as long as drain-timeout allows, \
      and then ends the program with 0. A second one ends them at once: \
      each association is sent an A-ABORT, as far as that is possible in 100 ms, and one record says \
      how many there were.
      """)
    page.entry(
      Roff.bold("SIGHUP"),
      """
      The configuration is read once more. If nothing is wrong with it, new associations have the \
      new settings from then on, and the log its new level; those that are established go on under \
      the old ones. If anything is wrong, it is logged and everything stays as it was. What needs a \
      restart, where to listen, workers and log-target, is said. With a controlling terminal the signal says \
      that the terminal is gone, and does what SIGTERM does.
      """)
    page.entry(
      Roff.bold("SIGRTMIN"), "What `--reload` sends, with a number: the same, and its answer.")
    page.entry(
      Roff.bold("SIGPIPE"),
      "It is ignored: neither a peer nor a log nor a pipe that is gone ends the program by a signal."
    )
    page.paragraph("Any other signal does what it does to every program.")
  }

  private static func standards(_ page: inout RoffPage) {
    page.section("STANDARDS")
    page.paragraph(
      """
      DICOM PS3.4 annex A, the Verification Service Class; PS3.7 §9.1.5, the C-ECHO service; \
      PS3.8, the Upper Layer Protocol for TCP/IP, as acceptor, and with `--probe` as requestor.
      """)
  }

  private static func limits(_ page: inout RoffPage) {
    page.section("BUGS")
    page.paragraph(
      """
      There is no TLS: who can read the network reads the AE titles. An AE title proves nothing, \
      since each requestor names itself: require-called-ae-title and allow-calling-ae-titles find \
      devices that are configured wrongly, and keep no attacker out.
      """)
    page.paragraph(
      """
      Success says that messages go back and forth. It does not say that an archive would accept \
      the images of the same device: those need other SOP Classes and transfer syntaxes.
      """)
  }
}
