import TLS

/// What a client offers in its ClientHello, and what is accepted here instead, in words.
extension ClientHello {
  /// The number of TLS 1.2.
  private static let tls12: UInt16 = 0x0303

  /// The highest version of TLS that is offered, if it is a known one.
  private var highestVersion: UInt16 {
    versions.filter { $0 <= 0x0304 }.max() ?? versions.max() ?? 0
  }

  /// Whether nothing above TLS 1.2 is offered.
  var isOfTLS12AtMost: Bool { versions.allSatisfy { $0 <= Self.tls12 } }

  /// The cipher suites, of which none is common to both sides.
  var textOfCipherSuites: String {
    guard !cipherSuites.isEmpty else { return "offers no cipher suite; \(Self.acceptedSuites)" }
    let common = CipherSuites.accepted.intersection(cipherSuites)
    if let kind = Self.kindOfKey(common) {
      return
        "offers ECDHE with AES-GCM only for certificates with \(kind.wanted) key, which the one "
        + "in tls-certificate does not have; enable the \(kind.missing) suites on the device, or "
        + "set tls-certificate to one with such a key"
    }
    let names = PeerWords.list(cipherSuites.map(CipherSuites.name))
    let profile = SecurityProfile(cipherSuites).map { ": \($0.text)" } ?? ""
    return "offers only \(names)\(profile); \(Self.acceptedSuites)"
  }

  private static let acceptedSuites =
    "accepted here: ECDHE with AES-GCM (TLS 1.2) or TLS 1.3; enable the BCP 195 TLS profile on the "
    + "device"

  /// The type of key for which all of the `common` suites are, and the suites for the other type; `nil` if there are
  /// no such suites, or they are for both.
  private static func kindOfKey(_ common: Set<UInt16>) -> (wanted: String, missing: String)? {
    let isOfECDSA = common.map { $0 < 0xC02F }
    guard let first = isOfECDSA.first, isOfECDSA.allSatisfy({ $0 == first }) else { return nil }
    return first ? ("an EC", "ECDHE_RSA") : ("an RSA", "ECDHE_ECDSA")
  }

  /// The versions, all of which are too old.
  var textOfVersions: String {
    let highest = highestVersion
    let offer = "offers \(TLSNames.version(highest)) at most"
    if highest == Self.tls12 {
      return "\(offer), and tls-min-version is 1.3 here; enable TLS 1.3 on the device, or set "
        + "tls-min-version to 1.2"
    }
    let profile = SecurityProfile(cipherSuites).flatMap { $0.isWithoutECDHE ? $0.text : nil }
    return
      "\(offer), \(profile.map { "with \($0)" } ?? "retired"); accepted here: TLS 1.3, and TLS "
      + "1.2 unless tls-min-version is 1.3; enable TLS 1.2 or 1.3 on the device"
  }

  /// The groups for the key exchange, of which none is common to both sides.
  var textOfGroups: String {
    let names = groups.filter { !TLSNames.isReserved($0) }.map(TLSNames.group)
    let offer =
      names.isEmpty
      ? "offers no group for the key exchange"
      : "offers only \(Self.noun("the group", names)) \(PeerWords.list(names)) for the key exchange"
    return "\(offer); accepted here: secp256r1 (P-256), secp384r1 (P-384), x25519 and others; "
      + "enable secp256r1 on the device"
  }

  /// The signature algorithms, of which none is common to both sides.
  var textOfSignatureAlgorithms: String {
    let names = signatureAlgorithms.filter { !TLSNames.isReserved($0) }
      .map(TLSNames.signatureAlgorithm)
    let offer =
      names.isEmpty
      ? "offers no signature algorithm, which stands for SHA-1"
      : "offers only \(Self.noun("the signature algorithm", names)) \(PeerWords.list(names))"
    return "\(offer); accepted here: those with SHA-256 or a longer hash that suit the key in "
      + "tls-private-key; enable rsa_pss_rsae_sha256 and ecdsa_secp256r1_sha256 on the device, or "
      + "set tls-certificate and tls-private-key to a key of another type"
  }

  /// The application protocols, of which none is DICOM.
  var textOfApplicationProtocols: String {
    let offered = applicationProtocols ?? []
    guard !offered.isEmpty else { return "offers no application protocol (ALPN); \(Self.alpn)" }
    let isOfTheWeb = offered.contains { $0 == Array("h2".utf8) || $0.starts(with: "http/".utf8) }
    return "offers \(PeerWords.list(offered.map { PeerWords.name($0) })) (ALPN)"
      + (isOfTheWeb ? ", as a browser or a scanner does" : "") + "; \(Self.alpn)"
  }

  private static let alpn =
    "accepted here: dicom, or no ALPN; if this is a DICOM device, set its ALPN to dicom, or switch it "
    + "off"

  private static func noun(_ noun: String, _ names: [String]) -> String {
    names.count == 1 ? noun : noun + "s"
  }
}

/// The security profiles of DICOM that a list of cipher suites may stand for (PS3.15 annex B, also of earlier
/// editions).
enum SecurityProfile: CaseIterable {
  /// Basic TLS (B.1, retired): 3DES.
  case basic
  /// AES TLS (B.3, retired): AES with CBC, and 3DES for old peers. The default of dcm4che.
  case aes
  /// Authentication without encryption, as in IHE ATNA: DCMTK's `+pn`.
  case null
  /// BCP 195 RFC 8996, 9325 (B.12): DCMTK's `+pg`.
  case rfc8996
  /// Modified BCP 195 RFC 8996, 9325 (B.13): DCMTK's `+pm`.
  case modified
  /// Non-Downgrading BCP 195 (B.10, retired): DCMTK's `+py`.
  case nonDowngrading
  /// Extended BCP 195 (B.11, retired): DCMTK's `+pz`.
  case extended
  /// BCP 195 of 2015 (B.9, retired), with a suite of AES TLS for old peers: DCMTK's `+px`.
  case bcp195

  /// The first profile whose suites include all of `suites`; `nil` if none does. Those of BCP 195 need at least one
  /// suite with ECDHE or of TLS 1.3.
  init?(_ suites: [UInt16]) {
    let found = Self.allCases.first { profile in
      profile.suites.isSuperset(of: suites)
        && (profile.isWithoutECDHE || !Self.modern.isDisjoint(with: suites))
    }
    guard let found, !suites.isEmpty else { return nil }
    self = found
  }

  /// Whether the profile has no suite that is accepted here.
  var isWithoutECDHE: Bool {
    switch self {
    case .basic, .aes, .null: true
    case .rfc8996, .modified, .nonDowngrading, .extended, .bcp195: false
    }
  }

  /// The profile as the end of a sentence.
  var text: String {
    switch self {
    case .basic: "the Basic TLS profile, retired"
    case .aes: "the AES TLS profile, retired"
    case .null: "authentication without encryption, as in IHE ATNA, retired"
    case .bcp195: "the BCP 195 TLS profile of 2015, retired"
    case .nonDowngrading: "the Non-Downgrading BCP 195 TLS profile of 2015, retired"
    case .extended: "the Extended BCP 195 TLS profile of 2015, retired"
    case .rfc8996: "the BCP 195 RFC 8996, 9325 TLS profile"
    case .modified: "the Modified BCP 195 RFC 8996, 9325 TLS profile"
    }
  }

  /// The accepted suites of TLS 1.2, and all of TLS 1.3.
  private static let modern = CipherSuites.accepted.union([0x1301, 0x1302, 0x1303, 0x1304, 0x1305])
  /// DHE_RSA with AES-GCM.
  private static let withDHE: Set<UInt16> = [0x009E, 0x009F]
  /// ECDHE_ECDSA with AES-GCM.
  private static let withECDSA: Set<UInt16> = [0xC02B, 0xC02C]

  /// The suites that the profile requires or allows.
  private var suites: Set<UInt16> {
    switch self {
    case .basic: [0x000A]
    case .aes: [0x002F, 0x000A]
    case .null: [0x0001, 0x0002, 0x003B]
    case .rfc8996: Self.modern
    // With ChaCha20 and AES-CCM.
    case .modified: Self.modern.union([0xCCA8, 0xCCA9, 0xC0AC, 0xC0AD, 0xC0AE, 0xC0AF])
    case .nonDowngrading: Self.modern.subtracting(Self.withECDSA).union(Self.withDHE)
    case .extended: Self.modern.union(Self.withDHE)
    case .bcp195: Self.modern.union(Self.withDHE).union([0x002F, 0x000A])
    }
  }
}
