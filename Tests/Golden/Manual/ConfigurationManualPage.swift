import Settings

/// echoscp.conf(5): the rules of the file, and each of its keys, which come from the table.
enum ConfigurationManualPage {
  private static let file = ConfigurationFile.standardPath
  private static let folder = ConfigurationFile.folder(of: file)

  /// The whole page.
  static var text: String {
    var page = RoffPage("echoscp.conf", section: 5, of: "File Formats Manual")
    page.section("NAME")
    page.fill("echoscp.conf \\- configuration of echoscpd, the DICOM Verification SCP")
    page.section("SYNOPSIS")
    page.fill(Roff.italic(file))
    page.lineBreak()
    page.fill(Roff.italic("\(folder)/*.conf"))
    description(&page)
    page.section("EXAMPLES")
    page.paragraph(
      "An archive with two ports, which is strict about AE titles, and knows where one device is:")
    page.example(example)
    page.paragraph("A mistake, and what is said about it, with what would be right:")
    page.example(mistake)
    format(&page)
    checking(&page)
    settings(&page)
    page.section("SEE ALSO")
    page.fill(Roff.prose("echoscpd(8), echoscpd-journal(7)"))
    return page.text
  }

  private static func description(_ page: inout RoffPage) {
    page.section("DESCRIPTION")
    page.paragraph(
      """
      echoscpd(8) reads its settings once, at its start: from `\(file)`, then from the files of \
      `\(folder)` whose names end in .conf, in the order of their names as bytes; hidden files are \
      left out. Each file counts more than those before it, and the command line more than any. \
      What nobody sets has its default, so that the program needs no file at all.
      """)
    page.paragraph(
      """
      The option `--config` names another file, which must exist. Its folder has the same name \
      with .d behind it.
      """)
  }

  /// A file as a site may have it.
  static let example = """
    [network]
    port = 104, 11112
    ae-title = MYPACS              # as it is called by the devices

    [access]
    require-called-ae-title = yes
    allow-calling-ae-titles = CT*, "MR 1"

    [device CT1]
    address = 192.0.2.7, 2001:db8::/32
    """

  /// A file that is wrong, and the messages about it as the program has them.
  private static var mistake: String {
    let content = "[network]\nprot = 104\naet = MYPACS"
    var configuration = Configuration()
    configuration.read(ConfigurationFile(path: "site.conf", bytes: Array(content.utf8)))
    let messages = configuration.diagnostics.map(\.text)
    return
      (["$ cat site.conf", content, "$ echoscpd --config site.conf --check-config"] + messages)
      .joined(separator: "\n")
  }

  private static func format(_ page: inout RoffPage) {
    page.section("FORMAT")
    page.paragraph(
      """
      A file is text in UTF-8. A byte order mark at its beginning and the line ends of Windows are \
      no fault; UTF-16, control characters and more than \(ConfigurationFile.largestSize) bytes \
      are.
      """)
    let sections = Setting.Section.allCases.map { "`[\($0.name)]`" }
    page.paragraph(
      """
      A line holds one of the sections \(sections.joined(separator: ", ")), the section of a device \
      as `[device CT1]`, or `key = value`, or nothing. Blanks in front of, between and behind these mean nothing. A key \
      stands below its own section, spelled as in this page, and once in a file. No value goes on \
      in a second line.
      """)
    page.entry(
      "Comments",
      """
      They begin with # or ; and go to the end of the line: on a line of their own, behind a \
      section, or behind a value and a blank.
      """)
    page.entry(
      "Quotation marks",
      """
      A value stands between them if it begins with one, begins or ends with a blank, or holds # \
      or ; behind a blank. A quotation mark inside is written twice: `"CT ""A"" #1"`. An AE title \
      that begins or ends with a mark that stands around a value in other formats, as `'CT1'` or \
      `[CT1]`, has to stand between them, and in a list one with ; or | in it, too: without them it \
      is taken for a value of such a format, which is an error.
      """)
    page.entry(
      "Lists",
      """
      Their elements are separated by commas, blanks, or both. An element with one of these in it \
      stands in quotation marks.
      """)
    page.entry(
      "Yes and no", "`yes`, `true`, `on` and `1` say yes; `no`, `false`, `off` and `0` say no.")
  }

  private static func checking(_ page: inout RoffPage) {
    page.section("CHECKING")
    page.paragraph(
      """
      An unknown section or key, a key that is set twice in a file or stands below another \
      section, a device with two sections in a file, and a value that is none are errors. With an error in any file the program does not start: \
      it prints each as `file:line: key: problem` and ends with the status 78. A problem says what \
      to write instead where that can be told: so of the keys of other DICOM programs, of lines that \
      are YAML, JSON or XML, of units behind a number, and of characters that look like those of \
      ASCII, as the no-break space and curly quotation marks do. What is long is cut short.
      """)
    page.entry(
      Roff.bold("echoscpd --check-config"),
      """
      Reads all files and the command line, says what is wrong or which files were read, and ends \
      with 78 or 0. It opens no socket, so that it can be asked while the service runs.
      """)
    page.entry(
      Roff.bold("echoscpd --dump-config"),
      """
      Prints every setting with its value, and in a comment the file and line, or the option, that \
      it comes from. What it prints is a configuration file itself.
      """)
  }

  private static func settings(_ page: inout RoffPage) {
    page.section("SETTINGS")
    for section in Setting.Section.allCases {
      page.subsection("[\(section.name)]")
      for setting in Setting.all where setting.section == section {
        page.entry(Roff.bold(setting.key), setting.about)
        page.line("Value", Roff.prose(setting.valueText))
        page.line("Default", Roff.bold(setting.defaultText))
        page.line("Command line", commandLine(of: setting))
      }
    }
    devices(&page)
  }

  private static func devices(_ page: inout RoffPage) {
    page.subsection("[device TITLE]")
    page.paragraph(
      """
      What is known of the device that calls itself by this AE title. Blanks around the title mean \
      nothing, upper and lower case differ; a title may stand in quotation marks, and one that holds \
      a closing bracket has to: `[device CT 1]` and `[device "CT 1"]` are the same. There may be as \
      many of these sections as there are devices; by default there is none. They are in files alone. \
      What a later file sets in the section of the same device replaces what an earlier one sets.
      """)
    page.paragraph(
      """
      A requestor with another AE title than that of any section is none of their business, and \
      allow-calling-ae-titles goes for devices too: a title has to be among those as well. An AE \
      title is no password, and an address is one only as far as the network keeps others from \
      taking it.
      """)
    for setting in DeviceSetting.all {
      page.entry(Roff.bold(setting.key), setting.about)
      page.line("Value", Roff.prose(setting.valueText))
      page.line("Default", "none; it has to be set")
    }
  }

  /// How the command line sets it.
  private static func commandLine(of setting: Setting) -> String {
    if setting.isOperand { return Roff.italic(setting.key) }
    return CommandLineOption.all.filter {
      switch $0 {
      case .setting(let other): other.key == setting.key
      case .switch(let flag): flag.key == setting.key
      case .action, .probe: false
      }
    }.flatMap(\.usualNames).map(Roff.bold).joined(separator: ", ")
  }
}
