import Testing

@testable import Settings

/// Options and operands of other programs: each message has what to type instead. The name of each test begins
/// with the programs that its words come from.
@Suite struct CommandHabitTests {
  /// A command line of another program, and the message about it.
  typealias Case = (words: [String], answer: String)

  @Test(
    "nginx, sshd, redis, python -m http.server: an option for the port and the address",
    arguments: [
      (["--port", "11499"], "--port is not an option; type echoscpd 11499"),
      (["--port=11499"], "--port=11499 is not an option; type echoscpd 11499"),
      (["-p", "11499"], "-p is not an option; type echoscpd 11499"),
      (["-p11499"], "-p11499 is not an option; type echoscpd 11499"),
      (
        ["--listen", "127.0.0.1:11499"],
        "--listen is not an option; type echoscpd -ba 127.0.0.1 11499"
      ),
      (["--host", "127.0.0.1", "104"], "--host is not an option; type echoscpd -ba 127.0.0.1 104"),
      (["--address", "::1"], "--address is not an option; type echoscpd -ba ::1"),
      (["--listen", "[::]:104"], "--listen is not an option; type echoscpd 104"),
      (["--listen", "*:104"], "--listen is not an option; type echoscpd 104"),
      (["--host", "localhost", "104"], "--host is not an option; type echoscpd -ba 127.0.0.1 104"),
      (["--port", "104,11112"], "--port is not an option; type echoscpd 104,11112"),
      (
        ["--port", "104", "--host", "127.0.0.1"],
        "--port is not an option; type echoscpd -ba 127.0.0.1 104"
      ),
      (
        ["--host", "pacs.local", "104,105"],
        "--host is not an option; type echoscpd 104,105, or echoscpd -ba 192.0.2.1 104,105"
      ),
      (
        ["--port"],
        "--port is not an option; type echoscpd 11112, or echoscpd -ba 192.0.2.1 11112"
      ),
    ] as [Case])
  func servers(line: Case) { expect(line) }

  @Test(
    "dcm4che's storescp and storescu: -b [TITLE[@ADDRESS]:]PORT and -c TITLE@HOST:PORT",
    arguments: [
      (["-b", "ECHOSCP:11112"], "-b is not an option; type echoscpd -aet ECHOSCP 11112"),
      (
        ["-b", "ECHOSCP@127.0.0.1:11112"],
        "-b is not an option; type echoscpd -aet ECHOSCP -ba 127.0.0.1 11112"
      ),
      (
        ["-b", "pacs.local:104"],
        "-b is not an option; type echoscpd 104, or echoscpd -ba 192.0.2.1 104"
      ),
      (
        ["-b", "A_NAME_OF_17_CHAR:104"],
        "-b is not an option; type echoscpd 104, or echoscpd -ba 192.0.2.1 104"
      ),
      (["-b", "11112"], "-b is not an option; type echoscpd 11112"),
      (
        ["-c", "MYPACS@pacs:104"],
        "\(critical); type echoscpd --probe pacs:104 -aec MYPACS"
      ),
      (["--connect", "pacs:104"], "--connect is not an option; type echoscpd --probe pacs:104"),
    ] as [Case])
  func dcm4che(line: Case) { expect(line) }

  @Test(
    "nginx, named, sshd: another name for the configuration, and for its check",
    arguments: [
      (["-c", "/etc/x.conf"], "\(critical); type --config /etc/x.conf"),
      (["-f", "/etc/x.conf"], "-f is not an option; type --config /etc/x.conf"),
      (["--file=x.conf"], "--file=x.conf is not an option; type --config x.conf"),
      (["-t"], "-t is not an option; type echoscpd --check-config"),
      (["--test-config"], "--test-config is not an option; type echoscpd --check-config"),
    ] as [Case])
  func configuration(line: Case) { expect(line) }

  @Test(
    "DCMTK's storescp and echoscu: long names, --repeat, and plus signs",
    arguments: [
      (["--aetitle", "X"], "--aetitle is not an option; type --ae-title X"),
      (["--call", "X"], "--call is not an option; type --probe --called-ae-title X"),
      (["--repeat", "5"], "--repeat is not an option; type --probe --count 5"),
      (["-to", "5"], "-to is not an option; type -ta, -td or -tn with the seconds"),
      (["-f"], "-f is not an option; use --config"),
      (["-c", "echoscp.conf"], "\(critical); type --config echoscp.conf"),
      (["-c", "5"], "--critical is only valid with --probe"),
      (["--aetitle", "X\\Y"], "--aetitle is not an option; use --ae-title"),
      (["--MaxPDUSize", "16384"], "--MaxPDUSize is not an option; use --max-pdu"),
      (["--NetworkTCPPort", "104"], "--NetworkTCPPort is not an option; type echoscpd 104"),
    ] as [Case])
  func dcmtk(line: Case) { expect(line) }

  @Test(
    "ssh and curl: repetition for verbosity, silence; crond and gunicorn: --daemon, --foreground",
    arguments: [
      (["-vv"], "-vv is not an option; type -d"), (["-dd"], "-dd is not an option; type -d"),
      (["-s"], "-s is not an option; type -q"),
      (["--foreground"], "--foreground is not an option; \(foreground)"),
      (["-D"], "-D is not an option; \(foreground)"),
      (
        ["--daemon", "104"],
        "--daemon is not an option; \(foreground.replacing("11112", with: "104"))"
      ),
      (["--help-all"], "--help-all is not an option; type echoscpd --help"),
      (["-?"], "-? is not an option; type echoscpd --help"),
      (["--start"], "--start is not an option; type systemctl start echoscpd"),
    ] as [Case])
  func daemons(line: Case) { expect(line) }

  private static let foreground =
    "type echoscpd 11112 to run in the foreground, or systemctl start echoscpd to start the service"

  @Test(
    "A key of the configuration file, in any spelling, as an option",
    arguments: [
      (["--acse_timeout", "5"], "--acse_timeout is not an option; use --acse-timeout"),
      (["--AcseTimeout", "5"], "--AcseTimeout is not an option; use --acse-timeout"),
      (["--DicomAet", "X"], "--DicomAet is not an option; use --ae-title"),
      (["--colour"], "--colour is not an option"),
      (["--"], "-- is not an option"),
    ] as [Case])
  func keys(line: Case) { expect(line) }

  @Test(
    "A web page or a word processor, which turns hyphens into dashes",
    arguments: [
      ("–probe", "type --probe, with two hyphens"), ("—aet", "type -aet, with a hyphen"),
      ("−v", "type -v, with a hyphen"), ("‐V", "type -V, with a hyphen"),
      ("––max-pdu=0", "type --max-pdu, with two hyphens"),
      ("―x=", "type -x=, with a hyphen"), ("–port", "type echoscpd 104"),
    ])
  func dashes(word: String, right: String) {
    for isProbe in [false, true] {
      var line = CommandLineSettings()
      if isProbe { #expect(line.problem(adding: .probe) == nil) }
      let right = isProbe ? right.replacing("echoscpd 104", with: "echoscpd --probe 104") : right
      #expect(
        line.problem(addingOperand: word, followedBy: ["104"])
          == "\(word) is not an option; \(right)")
    }
    #expect(
      CommandLineOption.problem(unknown: "-\(word)", followedBy: ["104"])
        == "-\(word) is not an option; \(right)")
  }

  @Test(
    "A dash alone, and a dash before a word that is not an option",
    arguments: ["–", "––", "–=1", "–colour"])
  func dashesOfNothing(word: String) {
    var line = CommandLineSettings()
    #expect(line.problem(addingOperand: word) == "\(word) is not an option")
  }

  /// Operands that are not a port, and the messages about them.
  static let operands: [(source: String, words: [String], answer: String)] = [
    (
      "socat, docker -p", ["127.0.0.1:11499"],
      "is not a port; to listen there, type echoscpd -ba 127.0.0.1 11499; to probe it, type echoscpd "
        + "--probe 127.0.0.1:11499"
    ),
    ("go's net.Listen", [":11499"], "is not a port; type echoscpd 11499"),
    ("docker", ["11499/tcp"], "is not a port; type echoscpd 11499"),
    ("ss -l", ["*:11499"], "is not a port; type echoscpd 11499"),
    (
      "ss -l", ["0.0.0.0:11499"],
      "is not a port; to listen there, type echoscpd -ba 0.0.0.0 11499"
    ),
    ("ss -l", ["[::]:11499"], "is not a port; to listen there, type echoscpd 11499"),
    (
      "echoscu of DCMTK", ["pacs", "104"],
      "is not a port; to probe it, type echoscpd --probe pacs:104"
    ),
    ("netcat -l", ["bind", "192.0.2.7", "104"], "is not a port; type echoscpd -ba 192.0.2.7 104"),
    ("ping", ["echo", "pacs", "104"], "is not a port; type echoscpd --probe pacs:104"),
    ("git", ["probe", "pacs", "104"], "is not a port; type echoscpd --probe pacs:104"),
    ("git", ["ae-title", "CT 1", "104"], "is not a port; type echoscpd --ae-title 'CT 1' 104"),
    ("git", ["ae-title", "A\\B"], "is not a port; use --ae-title"),
    ("nobody", ["pacs", "104", "105"], "is not a port: expected 1 to 65535"),
    (
      "nobody", ["PACS.LOCAL:104"],
      "is not a port; to probe it, type echoscpd --probe PACS.LOCAL:104"
    ),
    (
      "echoscu of DCMTK", ["::1", "104"],
      "is not a port; to listen there, type echoscpd -ba ::1 104; to probe it, type echoscpd --probe "
        + "[::1]:104"
    ),
    (
      "netcat -l", ["localhost", "104"],
      "is not a port; to listen there, type echoscpd -ba 127.0.0.1 104; to probe it, type echoscpd "
        + "--probe localhost:104"
    ),
    (
      "dcm4che", ["ECHOSCP:104"],
      "is not a port; to listen there, type echoscpd -aet ECHOSCP 104; to probe it, type echoscpd "
        + "--probe ECHOSCP:104"
    ),
    (
      "a browser", ["dicom://pacs:104/"],
      "is not a port; to probe it, type echoscpd --probe pacs:104"
    ),
    ("services(5)", ["dicom"], "is the name of a port; use its number, 104 or 11112"),
    ("services(5)", ["acr-nema"], "is the name of a port; use its number, 104"),
    ("services(5)", ["DICOM-TLS"], "is the name of a port; use its number, 2762"),
    ("git", ["help"], "is not a port; type echoscpd --help"),
    ("git", ["version"], "is not a port; type echoscpd --version"),
    ("git", ["probe", "pacs:104"], "is not a port; type echoscpd --probe pacs:104"),
    ("Windows", ["/?"], "is not a port; type echoscpd --help"),
    ("init.d scripts", ["start"], "is not a port; type systemctl start echoscpd"),
    ("init.d scripts", ["stop"], "is not a port; type systemctl stop echoscpd"),
    ("init.d scripts", ["restart"], "is not a port; type systemctl restart echoscpd"),
    ("init.d scripts", ["reload"], "is not a port; type systemctl reload echoscpd"),
    ("init.d scripts", ["status"], "is not a port; type systemctl status echoscpd"),
    ("storescp of DCMTK", ["+x="], "is not a port; type -x="),
    ("storescp of DCMTK", ["+xe"], "is not a port; type -xe"),
    ("nobody", ["11112x"], "is not a port: expected 1 to 65535"),
    ("nobody", ["x"], "is not a port: expected 1 to 65535"),
    ("nobody", ["pacs"], "is not a port: expected 1 to 65535"),
  ]

  @Test("The operands of the program in the table, where echoscpd has the port")
  func operandsOfOthers() {
    for (source, words, answer) in Self.operands {
      var line = CommandLineSettings()
      #expect(
        line.problem(addingOperand: words[0], followedBy: Array(words.dropFirst()))
          == "port: \"\(words[0])\" \(answer)", "\(source)")
      #expect(line.assignments.isEmpty)
    }
  }

  @Test(
    "nagios' check_tcp, ping, servers: an option on the line of a probe names the SCP to probe",
    arguments: [
      (["--probe", "127.0.0.1", "--port", "1"], "--port is not an option; type \(probe)"),
      (["-p", "1", "--probe", "127.0.0.1"], "-p is not an option; type \(probe)"),
      (["-p1", "--probe=127.0.0.1"], "-p1 is not an option; type \(probe)"),
      (["--probe=127.0.0.1", "--port=1"], "--port=1 is not an option; type \(probe)"),
      (["--probe", "--host", "127.0.0.1"], "--host is not an option; type \(host)"),
      (
        ["--probe", "--host", "127.0.0.1", "--port", "1"],
        "--host is not an option; type \(probe)"
      ),
      (["--probe", "-H", "127.0.0.1", "-p", "1"], "-H is not an option; type \(probe)"),
      (["--probe", "--port", "1", "T@127.0.0.1"], "--port is not an option; type \(probe) -aec T"),
      (["--probe", "-b", "T@127.0.0.1:1"], "-b is not an option; type \(probe) -aec T"),
      (["--probe", "-c", "127.0.0.1:1"], "\(critical); type \(probe)"),
      (["--probe", "127.0.0.1", "–port", "1"], "–port is not an option; type \(probe)"),
      (["--probe", "127.0.0.1", "--repeat", "5"], "--repeat is not an option; type --count 5"),
      (["--probe", "127.0.0.1", "-t", "5"], "-t is not an option; \(timeouts)"),
      (
        ["--probe", "127.0.0.1", "--title", "X"],
        "--title is not an option; type --calling-ae-title X"
      ),
      (["--probe", "127.0.0.1", "-D"], "-D is not an option"),
      (["--probe", "--port"], "--port is not an option; type echoscpd --probe 192.0.2.1:104"),
    ] as [Case])
  func probes(line: Case) { #expect(problem(of: line.words) == line.answer) }

  @Test("ping's -c with a number, and -w, are thresholds of a probe")
  func thresholds() {
    #expect(problem(of: ["--probe", "127.0.0.1", "-w", "0.5", "-c", "5"]) == nil)
  }

  private static let critical = "-c is the time above which --probe is critical"
  private static let probe = "echoscpd --probe 127.0.0.1:1"
  private static let host = "echoscpd --probe 127.0.0.1"
  private static let timeouts = "type -ta, -td or -tn with the seconds"

  @Test(
    "The value of -ba: an address with a port is split, and a name is not an address",
    arguments: [
      ("127.0.0.1:104", "; type echoscpd -ba 127.0.0.1 104"), ("*:104", "; type echoscpd 104"),
      ("CT1@127.0.0.1:104", "; type echoscpd -aet CT1 -ba 127.0.0.1 104"),
      ("pacs.hospital.example:11112", address), ("pacs.local:104", address), ("PACS:104", address),
    ])
  func bindAddress(value: String, answer: String) {
    let end = "--bind-address: \"\(value)\" is not an address\(answer)"
    #expect(problem(of: ["-ba", value]) == end)
  }

  private static let address = ": expected an IPv4 or IPv6 address, such as 192.0.2.1 or ::1"

  @Test(
    "Words that a shell would split are in apostrophes; words that cannot be shown are left out",
    arguments: [
      (["-f", "/etc/my file.conf"], "type --config '/etc/my file.conf'"),
      (["-f", "it's.conf"], "type --config 'it'\\''s.conf'"),
      (["-f", "'\u{301}"], "type --config ''\\''\u{301}'"),
      (["-f", "$HOME/x"], "type --config '$HOME/x'"),
      (["-f", "/srv/" + String(repeating: "x", count: 60)], "use --config"),
      (["-f", "a\u{202E}b"], "use --config"), (["-f", "\u{FFFD}"], "use --config"),
      (["--call", "MY PACS", "--probe", "127.0.0.1"], "type --called-ae-title 'MY PACS'"),
      (
        ["--host", String(repeating: "x", count: 61), "--probe"],
        "type echoscpd --probe 192.0.2.1:104"
      ),
    ])
  func quoted(words: [String], answer: String) {
    #expect(problem(of: words) == "\(words[0]) is not an option; \(answer)")
  }

  @Test("Every suggested command line is accepted, for every word and with any values after it")
  func isTaken() {
    let words = CommandHabit.rows.flatMap(\.words) + CommandLineOption.all.map(\.long)
    let values = [
      [], ["104"], ["104,11112"], ["5"], ["file"], ["/etc/my file.conf"], ["pacs"], ["pacs:104"],
      ["pacs.hospital.example:11112"], ["A_NAME_OF_17_CHAR:104"], ["A@::1:104"], ["CT 1@[::1]:104"],
      ["127.0.0.1"], ["127.0.0.1:104"], ["*:104"], ["0.0.0.0:104"], ["dicom://A@pacs:104/"],
      ["pacs", "104"], ["104", "127.0.0.1"], ["192.0.2.7", "104", "105"], ["A\\B"], ["MY PACS"],
      [String(repeating: "x", count: 70)], ["a\u{202E}b"], ["yes"], ["it's"],
    ]
    var count = 0
    for word in words {
      for values in values {
        for line in [
          ["--\(word)"] + values, ["–\(word)"] + values, [word] + values,
          ["--probe", "--\(word)"] + values, ["--probe", "127.0.0.1", "--\(word)"] + values,
          ["--\(word)"] + values + ["--probe"],
        ] {
          let message = problem(of: line) ?? ""
          for right in suggestions(in: message) {
            count += 1
            let isWhole = right.first == "echoscpd"
            let probe = line.contains("--probe") && !isWhole ? ["--probe"] : []
            #expect(
              problem(of: probe + right.dropFirst(isWhole ? 1 : 0)) == nil, "\(line): \(message)")
          }
        }
      }
    }
    #expect(count > 1000)
  }

  private func expect(_ line: Case) { #expect(problem(of: line.words) == line.answer) }
}
