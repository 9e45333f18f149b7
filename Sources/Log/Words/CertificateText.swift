import Linux
import TLS

/// What is wrong with a peer's certificate, in words.
struct CertificateText {
  /// The certificates that the peer presented, its own first.
  let chain: [CertificateFacts]
  /// OpenSSL's error (X509_V_ERR_…); 0 if it is unknown.
  var code: Int32 = 0
  /// The time at which the record is put into words.
  let now: WallTime

  /// The shortest keys of RSA and of elliptic curves that are accepted, in bits (OpenSSL's security level 2).
  private static let leastKeys = (rsa: 2048, curve: 224)

  /// The peer's certificate as the subject of a sentence: `its certificate CN=CT1`.
  private var its: String { chain.first.map { "its certificate \($0.name)" } ?? "its certificate" }

  /// Returns why a certificate with `faults` is refused, with the remedies: the gravest as a sentence, the others
  /// briefly.
  func refusal(_ faults: CertificateFaults) -> String {
    let all = faults.inOrder
    let others = all.dropFirst().map(brief).joined(separator: ", ")
    return sentence(all.first ?? .invalid) + (others.isEmpty ? "" : "; also: \(others)")
  }

  /// Returns what a strict acceptor would have refused, as the end of a sentence; empty if there is nothing.
  ///
  /// - Parameter isFurther: Whether the sentence already says that it would have refused the device.
  func objection(_ faults: CertificateFaults, isFurther: Bool = false) -> String {
    let all = faults.inOrder
    let unchecked = all.contains(.outdatedList) ? "; \(brief(.outdatedList))" : ""
    if all.contains(.missing) {
      let begin =
        isFurther ? "; also because" : "; a strict archive would have refused it:"
      return "\(begin) it sent no certificate\(unchecked)"
    }
    let refused = all.filter { $0 != .outdatedList }.map(brief)
    if refused.isEmpty { return unchecked }
    let begin = isFurther ? "; also for" : "; a strict archive would have refused"
    return "\(begin) \(its): \(refused.joined(separator: ", "))\(unchecked)"
  }

  /// Returns the fault briefly: `expired 3 days ago`.
  func brief(_ fault: CertificateFault) -> String {
    switch fault {
    case .missing: "not sent"
    case .revoked: "revoked"
    case .untrusted:
      if chain.first?.isSelfSigned == true {
        "self-signed and not in tls-device-certificates"
      } else if let issuer = deviceThatIssued {
        "issued by \(issuer), a device in tls-device-certificates and no CA"
      } else {
        "issued by \(chain.last?.issuerName ?? "a CA") that is not in tls-ca-certificates"
      }
    case .purpose: chain.first?.isOnlyForServers == true ? "only for servers" : "not for clients"
    case .weak: shortKey.map { "a key of \($0.keyText)" } ?? "a weak key or signature in its chain"
    case .expired:
      expired.map { "expired \(ago($0.notAfter))" } ?? "a certificate in its chain has expired"
    case .notYetValid:
      early.map { "not valid before \(WallTime(seconds: $0.notBefore).text)" }
        ?? "a certificate in its chain is not valid yet"
    case .name: "names another host"
    case .outdatedList:
      "a list in tls-crl is missing or not in force, so nobody knows whether it is revoked"
    case .invalid: "not valid" + (code == 0 ? "" : ": \(VerificationErrors.text(code))")
    }
  }

  /// The fault as a sentence about the peer, with the remedies.
  private func sentence(_ fault: CertificateFault) -> String {
    switch fault {
    case .missing:
      "sent no certificate, and tls-client-certificate = require asks for one; give the device one of a "
        + "CA in tls-ca-certificates, or set tls-client-certificate to request"
    case .revoked:
      "\(its) is revoked by a list in tls-crl; give the device a new one, or get a list "
        + "without it from \(chain.first?.issuerName ?? "its CA")"
    case .untrusted: untrusted
    case .purpose: purpose
    case .weak: weak
    case .expired: tooLate
    case .notYetValid: tooEarly
    case .name: "\(its) names another host"
    case .outdatedList: outdatedList
    case .invalid:
      "\(its) is not valid\(code == 0 ? "" : ": \(VerificationErrors.text(code))"); have its CA "
        + "issue a correct one for the device"
    }
  }

  /// The issuer of the peer's certificate if it is known, but as a device and not as a CA.
  private var deviceThatIssued: String? {
    chain.first.flatMap { $0.isIssuedByDevice ? $0.issuerName : nil }
  }

  private var untrusted: String {
    if chain.first?.isSelfSigned == true {
      return
        "\(its) is self-signed, and tls-device-certificates does not have it; put it there, or "
        + "give the device one of a CA in tls-ca-certificates"
    }
    if let issuer = deviceThatIssued {
      return
        "\(its) is issued by \(issuer), whose certificate in tls-device-certificates counts as "
        + "that of a device and not of a CA; put this one there as well, or that of \(issuer) into "
        + "tls-ca-certificates, if it is a CA"
    }
    let (issuer, root) = (chain.first?.issuerName ?? "a CA", chain.last?.issuerName ?? "a CA")
    let end = issuer == root ? "" : " in a chain that ends with \(root)"
    return "\(its) is issued by \(issuer)\(end): tls-ca-certificates has no certificate of that "
      + "\(issuer == root ? "issuer" : "CA"); add it there, or give the device a certificate of a CA "
      + "in it"
  }

  private var purpose: String {
    guard let own = chain.first, !own.isForClients else {
      return
        "a CA in the chain of \(its) may not issue certificates for clients; have another CA issue "
        + "one for the device"
    }
    let what =
      own.isOnlyForServers
      ? "is only for servers: its extended key usage is serverAuth without clientAuth"
      : "is not for clients: its extended key usage has no clientAuth"
    return
      "\(its) \(what); get one with clientAuth from the site's own CA, since public CAs issue no "
      + "certificates for clients any more since 2026"
  }

  private var weak: String {
    if let key = shortKey, code != VerificationErrors.weakHash {
      let whose =
        key == chain.first ? "\(its) has" : "the certificate \(key.name) in its chain has"
      let least = key.isOfCurve ? Self.leastKeys.curve : Self.leastKeys.rsa
      return "\(whose) a key of \(key.keyText), and at least \(least) bits are required; give the "
        + "device one with a longer key"
    }
    return "a key or a signature in the chain of \(its) is too weak: RSA needs at least "
      + "\(Self.leastKeys.rsa) bits, a signature SHA-256; have its CA issue a new one for the device"
  }

  private var tooLate: String {
    guard let late = expired else {
      return "a certificate in the chain of \(its) has expired; give the device a new chain, or "
        + "put the CA's new certificate into tls-ca-certificates"
    }
    let when =
      "expired \(ago(late.notAfter)), on \(WallTime(seconds: late.notAfter).date); give the device a "
      + "new one, unless the clock of this host is wrong"
    return late == chain.first
      ? "\(its) \(when)" : "the certificate \(late.name) in the chain of \(its) \(when)"
  }

  private var tooEarly: String {
    let clocks = "usually a wrong clock; check those of the device, of this host and of the CA"
    guard let early else {
      return "a certificate in the chain of \(its) is not valid yet: \(clocks)"
    }
    let whose =
      early == chain.first ? its : "the certificate \(early.name) in the chain of \(its)"
    let left = Self.duration(early.notBefore - now.seconds)
    return "\(whose) is not valid before \(WallTime(seconds: early.notBefore).text), in \(left): "
      + clocks
  }

  private var outdatedList: String {
    let issuer = chain.first?.issuerName ?? "its CA"
    let what =
      switch code {
      case VerificationErrors.listExpired: "a list in tls-crl has expired"
      case VerificationErrors.listNotYetValid:
        "a list in tls-crl is not valid yet, so the clock of this host may be wrong"
      case _ where VerificationErrors.missingLists.contains(code): "tls-crl has no list of its CA"
      default: "a list in tls-crl is missing or not in force"
      }
    return
      "\(its), issued by \(issuer), cannot be checked: \(what); get the CA's current list, and "
      + "reload, or remove tls-crl; the device is not at fault"
  }

  /// The first certificate that has expired; one whose date is malformed has the smallest number.
  private var expired: CertificateFacts? {
    chain.first { $0.notAfter < now.seconds && $0.notAfter > .min }
  }

  /// The first certificate that is not valid yet.
  private var early: CertificateFacts? { chain.first { $0.notBefore > now.seconds } }

  /// The first certificate with a key that is too short.
  private var shortKey: CertificateFacts? {
    chain.first {
      $0.keyBits > 0 && $0.keyBits < ($0.isOfCurve ? Self.leastKeys.curve : Self.leastKeys.rsa)
    }
  }

  private func ago(_ seconds: Int64) -> String {
    let (passed, isTooLong) = now.seconds.subtractingReportingOverflow(seconds)
    return "\(Self.duration(isTooLong ? .max : passed)) ago"
  }

  /// A duration in the largest unit of which it has two, or else in hours: `3 days`, `1 hour`.
  static func duration(_ seconds: Int64) -> String {
    if seconds < WallTime.hour { return "less than an hour" }
    if seconds < 2 * WallTime.day { return Counted.text(seconds / WallTime.hour, "hour") }
    return Counted.text(seconds / WallTime.day, "day")
  }
}

extension CertificateFacts {
  /// Whether it is for servers and not for clients.
  fileprivate var isOnlyForServers: Bool { isForServers && !isForClients }

  /// Whether its key is a point on a curve, which needs fewer bits.
  fileprivate var isOfCurve: Bool { keyType != "RSA" && keyType != "RSA-PSS" && keyType != "DSA" }

  /// The size and the type of its key: `1024 bits (RSA)`.
  fileprivate var keyText: String {
    "\(Counted.text(keyBits, "bit"))\(keyType.isEmpty ? "" : " (\(Escaping.line(keyType)))")"
  }
}
