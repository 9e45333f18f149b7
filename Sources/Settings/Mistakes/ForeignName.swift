import UpperLayer

/// What a setting is called in other DICOM programs and in servers in general, for who comes from there.
enum ForeignName {
  /// What is said of a name: the key that it is here, or what takes its place.
  enum Meaning: Equatable {
    /// It is this key.
    case key(String)
    /// This takes its place.
    case other(String)
  }

  /// Names without capitals, hyphens, underscores and dots. They are those of DCMTK's dcmqrscp.cfg,
  /// Orthanc's orthanc.json, dcm4che's LDAP schema and Conquest's dicom.ini, then those of other servers.
  private static let rows: [(meaning: Meaning, names: String)] = [
    (.key("port"), "networktcpport dicomport tcpport scpport listenport serverport ports listen p"),
    (
      .key("ae-title"),
      """
      dicomaet dicomaetitle myacrnema aet aetitle ae title myaetitle localaetitle localaet \
      serveraetitle scpaetitle calledaet aename
      """
    ),
    (
      .key("max-pdu"),
      """
      maxpdusize maximumpdulength maxpdulength maximumpdusize dcmreceivepdulength \
      maxpdulenrcv pdulength pdusize
      """
    ),
    (
      .key("max-associations"),
      "maximumassociations dcmmaxassociations maxconnections maxclients maxassoc"
    ),
    (.key("workers"), "dicomthreadscount threads workerprocesses numthreads"),
    (
      .key("network-timeout"),
      "dicomscptimeout dcmidletimeout idletimeout networktimeout tcptimeout"
    ),
    (.key("acse-timeout"), "dcmaarqtimeout requesttimeout associationtimeout artimtimeout artim"),
    (
      .key("bind-address"),
      "dcmbindaddress bind host listenaddress address ip interface dicomhostname hostname"
    ),
    (.key("require-called-ae-title"), "dicomcheckcalledaet checkcalledaet requirecalledaet"),
    (
      .key("allow-calling-ae-titles"),
      """
      dcmacceptedcallingaetitle allowedcallingaetitles callingaetitles allowedaets \
      allowedaetitles acceptedaetitles requirecallingaet
      """
    ),
    (.key("allow-addresses"), "allowfrom allowedhosts allowedips hostsallow allow"),
    (.key("deny-addresses"), "denyfrom hostsdeny deny dcmblacklistedhostname"),
    (.key("user"), "username runas runasuser uid"),
    (.key("log-level"), "loglevel verbosity loglvl verboselevel"),
    (.key("log-target"), "logfile logoutput logdestination syslog"),
    (
      .other("acse-timeout, dimse-timeout and network-timeout are keys"),
      "timeout timeouts dicomscutimeout"
    ),
    (
      .other("a device has a section of its own, [device TITLE]"),
      "dicommodalities dicomcheckmodalityhost hosttable aetable vendortable device"
    ),
    (.other("C-ECHO is always answered; leave it out"), "dicomalwaysallowecho dicomserverenabled"),
    (.other("the network is TCP; leave it out"), "networktype protocol"),
    (
      .other("a proxy in front of echoscpd speaks TLS; leave it out"),
      "tls dicomtlsenabled enabletls usetls dicomtlscertificate"
    ),
  ]

  /// What each name means.
  private static let meanings = Dictionary(
    rows.flatMap { row in words(row.names).map { ($0, row.meaning) } },
    uniquingKeysWith: { first, _ in first })

  /// Our own names, by what is left of them without what makes no difference.
  private static let ownNames = Dictionary(
    (CommandLineOption.all.map(\.long) + Setting.all.map(\.key) + DeviceSetting.all.map(\.key))
      .map { (plain($0), $0) }, uniquingKeysWith: { first, _ in first })

  /// The words of a row of a table, which stand apart by blanks.
  static func words(_ text: String) -> [String] { text.split(separator: " ").map { String($0) } }

  /// What the name `text` means; nil when no program that is known here has it.
  static func meaning(of text: String) -> Meaning? { meanings[plain(text)] }

  /// The key that `text` is, misspelt, of another program, or with what another format has around a
  /// key.
  static func key(meantBy text: String, among keys: [String]) -> String? {
    let bare = bare(text)
    if keys.contains(bare) { return bare }
    let name = plain(bare)
    if let key = ownNames[name], keys.contains(key) { return key }
    if case .key(let key) = meanings[name] {
      if keys.contains(key) { return key }
      // The host of a device is where it comes from.
      if key == "bind-address", keys.contains("address") { return "address" }
    }
    return NearestName.of(bare, among: keys)
  }

  /// A key without quotation marks, brackets, hyphens and a section in front of it, and without the word
  /// that sets a variable.
  static func bare(_ text: String) -> String {
    let marks = "\"'`<>{}[]()$:+-.,?! \t".unicodeScalars
    let words = text.unicodeScalars.split { $0 == " " || $0 == "\t" || $0 == "." }
    let word = words.last { $0.contains { !marks.contains($0) } } ?? ""[...].unicodeScalars
    var rest = word.drop { marks.contains($0) }
    while let last = rest.last, marks.contains(last) { rest.removeLast() }
    return String(rest)
  }

  /// A name without capitals, hyphens, underscores and the like; empty of one that is too long.
  private static func plain(_ text: String) -> String {
    guard text.utf8.count <= 64 else { return "" }
    let plain = text.lowercased().utf8.filter {
      $0 >= 0x80 || Quotation.isPlain($0) && !"-_.".utf8.contains($0)
    }
    return String(decoding: plain, as: UTF8.self)
  }
}

/// What is said of a key that is not one.
extension ForeignName {
  /// What is wrong with `key` in `section`, which is not that of a device.
  static func problem(unknownKey key: String, in section: ConfigurationFile.SectionName) -> String {
    if let setting = Setting.all.first(where: { $0.short == key }) {
      return "this is a short option; \(setting.key) is its key"
    }
    if !key.isEmpty,
      let flag = Switch.all.first(where: { $0.long == key || $0.short.hasPrefix(key) })
    {
      return "this is an option without a value; \(flag.key) = \(flag.value) is its setting"
    }
    if DeviceSetting.named(key) != nil {
      return "it belongs to a device; it is one of \(DeviceSection.form)"
    }
    if let meant = self.key(meantBy: key, among: Setting.all.map(\.key)) {
      return "unknown key; \(meant) is one"
    }
    if case .other(let instead) = meaning(of: bare(key)) { return "unknown key; \(instead)" }
    var known = Setting.all
    var place = "the keys are"
    if case .known(let section) = section {
      known.removeAll { $0.section != section }
      place = "[\(section.name)] has"
    }
    return "unknown key; \(place) \(known.map(\.key).joined(separator: ", "))"
  }

  /// What is wrong with `key` in the section of the device called `title`.
  static func problem(unknownKey key: String, of title: AETitle) -> String {
    let section = DeviceSection.text(of: title)
    if let setting = Setting.named(key) {
      return "it does not belong in \(section); it is one of [\(setting.section.name)]"
    }
    let keys = DeviceSetting.all.map(\.key)
    let meant = self.key(meantBy: key, among: keys).map { "\($0) is one" }
    return "unknown key; \(meant ?? "\(section) has \(keys.joined(separator: ", "))")"
  }
}
