import UpperLayer

/// The names of settings in other DICOM programs and in servers in general.
enum ForeignName {
  /// The meaning of a name.
  enum Meaning: Equatable {
    /// The key of a setting here.
    case key(String)
    /// Advice, if no key has this meaning.
    case other(String)
  }

  /// Names without capitals, hyphens, underscores and dots: those of DCMTK's dcmqrscp.cfg, Orthanc's
  /// orthanc.json, dcm4che's LDAP schema and Conquest's dicom.ini, then those of other servers; for TLS, those
  /// of nginx, Apache, HAProxy, postfix and curl as well.
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
      .other("use acse-timeout, dimse-timeout or network-timeout"),
      "timeout timeouts dicomscutimeout"
    ),
    (
      .other("give each device its own section, [device TITLE]"),
      "dicommodalities dicomcheckmodalityhost hosttable aetable vendortable device"
    ),
    (.other("remove it: C-ECHO is always answered"), "dicomalwaysallowecho dicomserverenabled"),
    (.other("remove it: the network is always TCP"), "networktype protocol"),
    (
      .other("set proxy-port and proxy-trusted"), "proxyprotocol acceptproxy useproxyprotocol proxy"
    ),
    (.key("proxy-trusted"), "setrealipfrom proxyprotocoltrusted trustedproxies proxynetworks"),
    (.key("tls-port"), "dicomtlsport tlsport sslport secureport tlslisten"),
    (
      .key("tls-certificate"),
      """
      dicomtlscertificate sslcertificate sslcertificatefile sslcert sslcertfile tlscert tlscertfile \
      tlscertificatefile certificate certificatefile cert certfile crt servercertificate servercert
      """
    ),
    (
      .key("tls-private-key"),
      """
      dicomtlsprivatekey sslcertificatekey sslcertificatekeyfile sslkey sslkeyfile tlskey tlskeyfile \
      privatekey privatekeyfile key keyfile serverkey
      """
    ),
    (
      .key("tls-ca-certificates"),
      """
      dicomtlstrustedcertificates sslclientcertificate sslcacertificatefile sslcacertificatepath \
      sslca sslcafile ssltrustedcertificate tlsca tlscafile tlscapath tlscacert ca cafile capath cacert \
      cacertfile cacertificates trustedcertificates
      """
    ),
    (
      .key("tls-crl"),
      "sslcrl sslcrlfile sslcarevocationfile sslcarevocationpath tlscrlfile crl crlfile"
    ),
    (
      .key("tls-client-certificate"),
      """
      dicomtlsremotecertificaterequired sslverifyclient sslverify tlsneedclientauth tlsverify \
      tlsauthclients clientauth verifyclient requireclientcertificate
      """
    ),
    (
      .key("tls-min-version"),
      """
      dicomtlsminimumprotocolversion sslprotocols sslprotocol sslminver sslminprotocolversion \
      tlsprotocol tlsprotocols tlsversion minimumtlsversion mintlsversion
      """
    ),
    (
      .other("set tls-port, tls-certificate and tls-private-key to serve TLS"),
      "dicomtlsenabled enabletls enablessl tls tlsenabled usetls usessl ssl sslengine sslenabled"
    ),
    (
      .other("remove it: the cipher suites are those of BCP 195"),
      """
      dicomtlsciphersaccepted tlsciphersuite tlsciphersuites tlsciphers sslciphers sslciphersuite \
      ciphers ciphersuites
      """
    ),
    (
      .other(
        "convert the key store to PEM files for tls-certificate, tls-private-key and "
          + "tls-ca-certificates"),
      "dcmkeystoreurl dcmtruststoreurl keystore truststore"
    ),
  ]

  /// The meaning of each name.
  private static let meanings = Dictionary(
    rows.flatMap { row in words(row.names).map { ($0, row.meaning) } },
    uniquingKeysWith: { first, _ in first })

  /// The names of echoscpd itself, by their form without capitals, hyphens, underscores and dots.
  private static let ownNames = Dictionary(
    (CommandLineOption.all.map(\.long) + Setting.all.map(\.key) + DeviceSetting.all.map(\.key))
      .map { (plain($0), $0) }, uniquingKeysWith: { first, _ in first })

  /// The words in `text`, a row of a table, where blanks separate them.
  static func words(_ text: String) -> [String] { text.split(separator: " ").map { String($0) } }

  /// The meaning of the name `text`, or `nil` if none of the known programs has it.
  static func meaning(of text: String) -> Meaning? { meanings[plain(text)] }

  /// The key among `keys` that `text` stands for: misspelled, the name in another program, or with the
  /// punctuation of another format.
  static func key(meantBy text: String, among keys: [String]) -> String? {
    let bare = bare(text)
    if keys.contains(bare) { return bare }
    let name = plain(bare)
    if let key = ownNames[name], keys.contains(key) { return key }
    if case .key(let key) = meanings[name] {
      if keys.contains(key) { return key }
      // The host of a device is the address that it connects from.
      if key == "bind-address", keys.contains("address") { return "address" }
    }
    return NearestName.of(bare, among: keys)
  }

  /// A key without quotation marks, brackets and hyphens around it, and without a section or a word such as
  /// `export` before it.
  static func bare(_ text: String) -> String {
    let marks = "\"'`<>{}[]()$:+-.,?! \t".unicodeScalars
    let words = text.unicodeScalars.split { $0 == " " || $0 == "\t" || $0 == "." }
    let word = words.last { $0.contains { !marks.contains($0) } } ?? ""[...].unicodeScalars
    var rest = word.drop { marks.contains($0) }
    while let last = rest.last, marks.contains(last) { rest.removeLast() }
    return String(rest)
  }

  /// A name without capitals, hyphens, underscores, dots and other punctuation; empty if it is too long.
  private static func plain(_ text: String) -> String {
    guard text.utf8.count <= 64 else { return "" }
    let plain = text.lowercased().utf8.filter {
      $0 >= 0x80 || Quotation.isPlain($0) && !"-_.".utf8.contains($0)
    }
    return String(decoding: plain, as: UTF8.self)
  }
}

/// Messages about unknown keys.
extension ForeignName {
  /// The message about `key` in `section`, which is not the section of a device.
  static func problem(unknownKey key: String, in section: ConfigurationFile.SectionName) -> String {
    if let setting = Setting.all.first(where: { $0.short == key }) {
      return "this is a short option; use the key \(setting.key)"
    }
    if !key.isEmpty,
      let flag = Switch.all.first(where: { $0.long == key || $0.short.hasPrefix(key) })
    {
      return "this is an option without a value; use \(flag.key) = \(flag.value)"
    }
    if DeviceSetting.named(key) != nil, !isOwn(key, section) {
      return "belongs in the section of a device; move it to \(DeviceSection.form)"
    }
    if let meant = self.key(meantBy: key, among: Setting.all.map(\.key)) {
      return "unknown key; use \(meant)"
    }
    if case .other(let instead) = meaning(of: bare(key)) { return "unknown key; \(instead)" }
    var known = Setting.all
    var place = "known keys"
    if case .known(let section) = section {
      known.removeAll { $0.section != section }
      place = "known in [\(section.name)]"
    }
    return "unknown key; \(place): \(known.map(\.key).joined(separator: ", "))"
  }

  /// Whether `key` stands for a setting that belongs in `section`.
  private static func isOwn(_ key: String, _ section: ConfigurationFile.SectionName) -> Bool {
    guard case .known(let section) = section, case .key(let meant) = meaning(of: key) else {
      return false
    }
    return Setting.named(meant)?.section == section
  }

  /// The message about `key` in the section of the device called `title`.
  static func problem(unknownKey key: String, of title: AETitle) -> String {
    let section = DeviceSection.text(of: title)
    if let setting = Setting.named(key) {
      return "does not belong in \(section); move it to [\(setting.section.name)]"
    }
    let keys = DeviceSetting.all.map(\.key)
    let meant = self.key(meantBy: key, among: keys).map { "use \($0)" }
    return "unknown key; \(meant ?? "known in \(section): \(keys.joined(separator: ", "))")"
  }
}
