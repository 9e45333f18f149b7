import Linux
import Log
import TLS

/// Explanations of certificates that a probe does not accept.
extension ProbeProblem {
  /// The explanation of a certificate with `faults`, the first of which has OpenSSL's `code`.
  func explanation(ofCertificate faults: CertificateFaults, _ code: Int32) -> Explanation {
    guard let security, let leaf = security.facts.certificate else {
      return Explanation(
        .certificateInvalid, "it presents no certificate",
        "give the SCP a certificate in its settings")
    }
    var found = CertificateFaults.all.filter(faults.contains)
    // What a CA that is not trusted has to say does not matter.
    if faults.contains(.untrusted) {
      found.removeAll { $0 == .outdatedList || $0 == .invalid }
    }
    let judge = CertificateJudge(
      leaf: leaf, chain: security.facts.chain, time: security.time, question: question, code: code)
    let rows = found.map(judge.row)
    guard let first = rows.first else { return judge.row(.invalid).whole(leaf.name) }
    var remedies: [String] = []
    for row in rows where !remedies.contains(row.remedy) { remedies.append(row.remedy) }
    return CertificateJudge.Row(
      cause: first.cause, predicate: rows.map(\.predicate).joined(separator: ", and "),
      remedy: remedies.joined(separator: "; ")
    ).whole(leaf.name)
  }
}

/// Explains the faults of one certificate.
private struct CertificateJudge {
  /// The certificate of the server.
  let leaf: CertificateFacts
  /// Its chain, as the server sent it.
  let chain: [CertificateFacts]
  /// The time of the handshake, in seconds since 1970.
  let time: Int64
  let question: ProbeQuestion
  /// OpenSSL's code of the first fault.
  let code: Int32

  /// The smallest sizes of keys that are accepted, in bits (OpenSSL's security level 2).
  private static let (leastRSA, leastEC) = (2048, 224)
  /// What to do about another certificate of this machine's service.
  private static let reload =
    "reload the service, which still has its earlier certificate; if another program answers, use "
    + "--tls-ca-certificates to trust the CA of its certificate"

  /// A fault: what the certificate does, after its name, and what to do.
  struct Row {
    let cause: ProbeCause
    let predicate: String
    let remedy: String

    func whole(_ name: String) -> Explanation {
      Explanation(cause, "its certificate \(name) \(predicate)", remedy)
    }
  }

  /// The row of one fault.
  func row(_ fault: CertificateFaults) -> Row {
    switch fault {
    case .revoked:
      Row(
        cause: .certificateRevoked,
        predicate: "is revoked by a list in --tls-crl, or that of a CA above it is",
        remedy: "give the SCP a new certificate")
    case .untrusted: untrusted
    case .purpose:
      Row(
        cause: .certificatePurpose,
        predicate: leaf.isForServers
          ? "comes from a certificate that is not for CAs" : "is not for servers",
        remedy: "give the SCP a certificate for servers (serverAuth)")
    case .weak:
      Row(
        cause: .certificateWeak, predicate: weakness,
        remedy:
          "give the SCP a certificate with an RSA key of at least 2048 bits or a P-256 key, signed "
          + "with SHA-256")
    case .expired: expired
    case .notYetValid: notYetValid
    case .name: name
    case .outdatedList:
      Row(
        cause: .crlOutdated,
        predicate:
          "cannot be checked: the list of its CA in --tls-crl is missing, not valid yet, or has "
          + "expired",
        remedy: "give a current list of \(leaf.issuerName) and of each CA above it with --tls-crl")
    default:
      Row(
        cause: .certificateInvalid,
        predicate: "is not valid: \(VerificationErrors.text(code))",
        remedy: "give the SCP a new certificate")
    }
  }

  private var untrusted: Row {
    let top = chain.last ?? leaf
    let (predicate, remedy) =
      switch question.tls?.trust {
      case .service(let path): ("is not the first one in \(path) (tls-certificate)", Self.reload)
      case let trust where leaf.isSelfSigned:
        (
          "is self-signed, and not trusted here",
          "if its SHA-256 fingerprint is that of the SCP's (\(leaf.fingerprintText)), add it to "
            + place(trust)
        )
      case let trust:
        (
          "is from \(top.issuerName), which is not trusted here",
          "add the certificate of this CA to \(place(trust))"
            + (chain.count == 1
              ? "; if it is not a root CA, let the SCP send its certificate, too" : "")
        )
      }
    return Row(cause: .certificateUntrusted, predicate: predicate, remedy: remedy)
  }

  /// Where to add a certificate, so that it is trusted.
  private func place(_ trust: ProbeTLS.Trust?) -> String {
    if case .authorities(let path)? = trust { return path }
    return "a file, and give that with --tls-ca-certificates"
  }

  /// Which key or signature is too weak.
  private var weakness: String {
    let weak = chain.first { certificate in
      switch certificate.keyType {
      case "RSA", "RSA-PSS", "DSA": certificate.keyBits < Self.leastRSA
      case "EC": certificate.keyBits < Self.leastEC
      default: false
      }
    }
    guard let weak else { return "has a weak signature, or a CA above it: SHA-1, for example" }
    let key = "key that is too short: \(weak.keyType) with \(weak.keyBits) bits"
    return weak == leaf ? "has a \(key)" : "is from \(weak.name), which has a \(key)"
  }

  private var expired: Row {
    let old = chain.first { $0.notAfter < time }
    let end = old.map {
      "expired \(Counted.text(-$0.daysLeft(at: time) - 1, "day")) ago, on "
        + WallTime(seconds: $0.notAfter).date
    }
    if let end, old == leaf {
      return Row(
        cause: .certificateExpired, predicate: end,
        remedy: "give the SCP a new certificate, or correct the clock of this machine")
    }
    let certificate = old.map { "\($0.name), whose certificate" } ?? "a CA whose certificate"
    return Row(
      cause: .certificateExpired, predicate: "is from \(certificate) \(end ?? "has expired")",
      remedy: "renew the certificate of the CA, or correct the clock of this machine")
  }

  private var notYetValid: Row {
    let early = chain.first { $0.notBefore > time }
    let beginning = early.map { "is not valid before \(WallTime(seconds: $0.notBefore).date)" }
    let predicate =
      early == leaf ? nil : "is from a CA whose certificate \(beginning ?? "is not valid yet")"
    return Row(
      cause: .certificateNotYetValid, predicate: predicate ?? beginning ?? "is not valid yet",
      remedy: "correct the clock of this machine, or that of the CA")
  }

  private var name: Row {
    let asked = question.tls?.serverName ?? question.host
    // The common name counts only if there is no other name (RFC 6125 §6.4.4).
    let names = leaf.dnsNames.isEmpty ? leaf.commonNames : leaf.dnsNames
    let known = names.map { PeerWords.name($0) }
    return Row(
      cause: .certificateName,
      predicate: "is not for \(PeerWords.name(asked))"
        + (known.isEmpty ? "" : ", but for \(PeerWords.list(known))"),
      remedy: known.isEmpty
        ? "give the SCP a certificate with this name (subjectAltName)"
        : "if this is the right SCP, use --server-name to give a name of its certificate")
  }
}
