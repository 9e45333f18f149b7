import COpenSSL
import Linux
import TestKit
import Testing

@testable import TLS

/// Contexts: their files, what is wrong with those, and what deserves a warning.
@Suite struct ContextTests {
  /// The problems of the files that `change` makes of good ones.
  private static func problems(
    isServer: Bool = true, _ change: (inout ContextFiles, Folder) throws -> Void
  ) throws -> [String] {
    let folder = try Folder()
    var files = try Party.archive.files(in: folder)
    try change(&files, folder)
    do throws(Context.Failure) {
      _ = try isServer ? Context.server(files) : Context.client(files)
    } catch {
      #expect(ERR_peek_error() == 0)
      return error.problems.map {
        "\($0.setting): \($0.text.replacing(folder.path, with: "DIR"))"
      }
    }
    return []
  }

  // MARK: our own certificate and key

  @Test(arguments: [
    Party.archive, Party(.serverRSA, chain: [.issuing]), Party(.server, chain: [.issuing, .ca]),
    Party(.unknownDevice),
  ])
  func goodFilesMakeAContext(_ party: Party) throws {
    let expected = [try #require(party.identity)] + party.chain
    #expect(try party.server().chain == expected.map(\.facts))
    #expect(try party.client().chain == expected.map(\.facts))
    #expect(ERR_peek_error() == 0)
  }

  @Test func oneFileMayHoldBoth() throws {
    for parts in [
      [Identity.server.pem, Identity.issuing.pem, Identity.server.key],
      [Identity.server.key, Identity.server.pem, Identity.issuing.pem],
      ["Text that explains it\n\n", Identity.server.pem, "0 s:CN = CA\n", Identity.issuing.pem]
        + [Identity.server.key],
      ["0 s:CN = archive\n", Identity.server.pem, Identity.issuing.pem, Identity.server.key],
    ] {
      let folder = try Folder()
      var files = ContextFiles()
      files.certificate = try folder.write("both.pem", parts.joined())
      files.privateKey = files.certificate
      #expect(
        try Context.server(files).chain == [Identity.server.facts, Identity.issuing.facts])
    }
  }

  @Test func aCertificateMayBeInDER() throws {
    let problems = try Self.problems {
      $0.certificate = try $1.write("server.der", Identity.server.der)
    }
    #expect(problems == [])
  }

  @Test func aClientNeedsNoCertificate() throws {
    let context = try Context.client(ContextFiles())
    #expect(context.chain == [] && context.remarks(at: 0) == [])
    #expect(try Party(nil).client().chain == [])
  }

  /// What makes the files bad, and the problem.
  struct Mistake: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let problem: String
    let change: @Sendable (inout ContextFiles, Folder) throws -> Void

    init(
      _ testDescription: String, _ problem: String,
      _ change: @escaping @Sendable (inout ContextFiles, Folder) throws -> Void
    ) {
      (self.testDescription, self.problem, self.change) = (testDescription, problem, change)
    }
  }

  private static func damaged(_ identity: Identity) -> String {
    identity.pem.replacing("MII", with: "MIX").replacing("MIIB", with: "AAAA")
  }

  static let mistakes = [
    Mistake(
      "a missing certificate",
      #"tls-certificate: "DIR/none.pem": No such file or directory; check the path"#
    ) { $0.certificate = "\($1.path)/none.pem" },
    Mistake(
      "a folder as the certificate",
      #"tls-certificate: "DIR": Is a directory; check the path"#
    ) { $0.certificate = $1.path },
    Mistake(
      "a file without a certificate",
      #"tls-certificate: "DIR/x.pem": has no certificate; give a PEM file with the certificate and its chain"#
    ) { $0.certificate = try $1.write("x.pem", "Certificates are elsewhere.\n") },
    Mistake(
      "an empty file",
      #"tls-certificate: "DIR/x.pem": has no certificate; give a PEM file with the certificate and its chain"#
    ) { $0.certificate = try $1.write("x.pem", "") },
    Mistake(
      "a key instead of a certificate",
      #"tls-certificate: "DIR/key.pem": has no certificate; give a PEM file with the certificate and its chain"#
    ) { files, _ in files.certificate = files.privateKey },
    Mistake(
      "a damaged chain",
      #"tls-certificate: "DIR/x.pem": certificate 2 is damaged; replace it, or remove it from the file"#
    ) {
      $0.certificate = try $1.write("x.pem", Identity.server.pem + damaged(.issuing))
    },
    Mistake(
      "a certificate that is cut off",
      #"tls-certificate: "DIR/x.pem": certificate 1 is damaged; replace it, or remove it from the file"#
    ) {
      $0.certificate = try $1.write("x.pem", String(Identity.server.pem.prefix(300)))
    },
    Mistake(
      "too many certificates",
      #"tls-certificate: "DIR/x.pem": has 101 certificates; give only the certificate and its chain"#
    ) {
      let many = Identity.server.pem + String(repeating: Identity.issuing.pem, count: 100)
      $0.certificate = try $1.write("x.pem", many + String(repeating: "\n", count: 20_000))
    },
    Mistake(
      "a missing key",
      #"tls-private-key: "DIR/none.pem": No such file or directory; check the path"#
    ) { $0.privateKey = "\($1.path)/none.pem" },
    Mistake(
      "a certificate instead of a key",
      #"tls-private-key: "DIR/certificate.pem": has no private key; give a PEM file with the private key"#
    ) { files, _ in files.privateKey = files.certificate },
    Mistake(
      "an encrypted key",
      #"tls-private-key: "DIR/x.pem": the private key is encrypted; decrypt it, since a service cannot ask for a password: openssl pkey -in KEY -out NEW"#
    ) { $0.privateKey = try $1.write("x.pem", Identity.server.encryptedKey) },
    Mistake(
      "an encrypted key in the older form",
      #"tls-private-key: "DIR/x.pem": the private key is encrypted; decrypt it, since a service cannot ask for a password: openssl pkey -in KEY -out NEW"#
    ) { $0.privateKey = try $1.write("x.pem", Identity.server.traditionallyEncryptedKey) },
    Mistake(
      "the key of another certificate",
      #"tls-private-key: "DIR/x.pem": is not the key of the certificate; give the key that DIR/certificate.pem was made with"#
    ) { $0.privateKey = try $1.write("x.pem", Identity.ct1.key) },
    Mistake(
      "a key of another type",
      #"tls-private-key: "DIR/x.pem": has a key of type RSA, but the certificate has one of type EC; give the key that DIR/certificate.pem was made with"#
    ) { $0.privateKey = try $1.write("x.pem", Identity.serverRSA.key) },
    Mistake(
      "a key of 1,024 bits",
      #"tls-private-key: "DIR/y.pem": OpenSSL refuses the certificate or its key, which may be too short; use RSA with at least 2048 bits, or P-256"#
    ) {
      $0.certificate = try $1.write("x.pem", Identity.rsa1024.pem)
      $0.privateKey = try $1.write("y.pem", Identity.rsa1024.key)
    },
    Mistake(
      "missing CAs",
      #"tls-ca-certificates: "DIR/none.pem": No such file or directory; check the path"#
    ) { $0.caCertificates = "\($1.path)/none.pem" },
    Mistake(
      "a list instead of a CA",
      #"tls-ca-certificates: "DIR/x.pem": has no certificate; give PEM files, and nothing else"#
    ) { $0.caCertificates = try $1.write("x.pem", Identity.ca.revocationList(of: [])) },
    Mistake(
      "a damaged CA",
      #"tls-ca-certificates: "DIR/x.pem": certificate 2 is damaged; replace it, or remove it from the file"#
    ) {
      $0.caCertificates = try $1.write(
        "x.pem", Identity.ca.pem + damaged(.otherCA) + Identity.ca.pem)
    },
    Mistake(
      "an empty folder of CAs",
      #"tls-ca-certificates: "DIR/empty": has no file; put PEM files there"#
    ) { $0.caCertificates = try $1.makeFolder("empty") },
    Mistake(
      "a folder with something else",
      #"tls-device-certificates: "DIR/some/b.txt": has no certificate; give PEM files, and nothing else"#
    ) {
      let folder = try $1.makeFolder("some")
      _ = try $1.write("some/a.pem", Identity.ct1.pem)
      _ = try $1.write("some/b.txt", "no certificate\n")
      $0.deviceCertificates = folder
    },
    Mistake(
      "a certificate instead of a list",
      #"tls-crl: "DIR/ca.pem": has no certificate revocation list; give PEM files, and nothing else"#
    ) { files, _ in files.crl = files.caCertificates },
    Mistake(
      "a file that is too large",
      #"tls-crl: "DIR/x.pem": larger than 4194304 bytes; give a file with PEM text"#
    ) { $0.crl = try $1.write("x.pem", [UInt8](repeating: 0x20, count: 4 << 20 + 1)) },
  ]

  @Test(arguments: mistakes) func aMistakeIsAProblem(_ mistake: Mistake) throws {
    #expect(try Self.problems(mistake.change) == [mistake.problem])
    // A client uses the same files.
    #expect(try Self.problems(isServer: false, mistake.change) == [mistake.problem])
  }

  @Test func allProblemsAreCollected() throws {
    let problems = try Self.problems {
      $0.privateKey = try $1.write("x.pem", Identity.ct1.key)
      $0.caCertificates = "/nowhere/ca"
      $0.deviceCertificates = "/nowhere/devices"
      $0.crl = "/nowhere/crl"
    }
    #expect(
      problems.map { $0.prefix { $0 != ":" } } == [
        "tls-private-key", "tls-ca-certificates", "tls-device-certificates", "tls-crl",
      ])
  }

  @Test func whatIsNotAskedForIsNotRead() throws {
    let problems = try Self.problems { files, _ in
      files.clientCertificate = .no
      files.caCertificates = "/nowhere/ca"
      files.crl = "/nowhere/crl"
    }
    #expect(problems == [])
  }

  @Test(.enabled(if: !Process.isRoot, "root reads everything"))
  func anUnreadableFileIsAProblem() throws {
    let problems = try Self.problems {
      $0.certificate = "/etc/shadow"
      _ = $1
    }
    #expect(
      problems == [
        #"tls-certificate: "/etc/shadow": Permission denied; make it readable by the user of this service"#
      ])
  }

  // MARK: folders

  @Test func aFolderIsReadWithAllItsFiles() throws {
    let folder = try Folder()
    var files = try Party.archive.files(in: folder)
    files.caCertificates = try folder.makeFolder("ca")
    _ = try folder.write("ca/b.pem", Identity.ca.pem)
    _ = try folder.write("ca/a.crt", Identity.otherCA.der)
    _ = try folder.write("ca/.hidden", "not a certificate")
    _ = try folder.makeFolder("ca/below")
    files.deviceCertificates = try folder.makeFolder("devices")
    _ = try folder.write("devices/1.pem", Identity.device.pem + Identity.ct1.pem)
    _ = try folder.write("devices/2.pem", Identity.unknownDevice.pem)
    let context = try Context.server(files)
    #expect(
      context.deviceFingerprints
        == Set([.device, .ct1, .unknownDevice].map(\Identity.facts.fingerprint)))
    let client = SessionEndpoint(clientOf: try Contexts.client.get())
    converse(client, SessionEndpoint(serverOf: context))
    #expect(client.facts.acceptedCAs == ["CN=Vendor CA,O=Hospital", "CN=Hospital CA,O=Hospital"])
  }

  // MARK: names of CAs

  /// With more names than 16 KiB, a server names none, which means any (RFC 8446 §4.2.4).
  @Test func tooManyNamesAreLeftOut() throws {
    let name = String(repeating: "x", count: 60)
    let many = (0..<8).map { number in
      Identity(
        .authority("\(number)").with {
          $0.commonNames = Array(repeating: Array(name.utf8), count: 40)
        })
    }
    let context = try Party.archive.with { $0.authorities = [.ca] + many }.server()
    let client = SessionEndpoint(clientOf: try Contexts.client.get())
    let server = SessionEndpoint(serverOf: context)
    converse(client, server)
    #expect(client.facts.acceptedCAs == [] && client.facts.asksForCertificate)
    #expect(server.isComplete && server.facts.faults == [])
  }

  // MARK: remarks

  private static let now = Identity.server.facts.notBefore + 30 * 86_400

  /// The days that a server's certificate has left, and the remarks about it.
  @Test(
    arguments: [
      (31, []), (30, []), (29, [.expires(days: 29)]), (7, [.expires(days: 7)]),
      (1, [.expires(days: 1)]),
      (0, [.expires(days: 0)]), (-1, [.expired(daysAgo: 0)]), (-2, [.expired(daysAgo: 1)]),
      (-400, [.expired(daysAgo: 399)]),
    ] as [(Int, [CertificateRemark])])
  func anEndIsRemarkedOn(_ days: Int, _ remarks: [CertificateRemark]) throws {
    let context = try Contexts.server.get()
    let end = Identity.server.facts.notAfter
    // In the middle of a day.
    let now = end - Int64(days) * 86_400 - 43_200
    #expect(context.remarks(at: now) == remarks)
  }

  @Test func aBeginningIsRemarkedOn() throws {
    let context = try Contexts.server.get()
    let begin = Identity.server.facts.notBefore
    #expect(context.remarks(at: begin) == [])
    #expect(context.remarks(at: begin - 1) == [.notYetValid])
  }

  @Test func theLastSecondIsStillGood() throws {
    let context = try Contexts.server.get()
    let end = Identity.server.facts.notAfter
    #expect(context.remarks(at: end) == [.expires(days: 0)])
    #expect(context.remarks(at: end + 1) == [.expired(daysAgo: 0)])
  }

  @Test func aPurposeIsRemarkedOn() throws {
    #expect(try Party(.chain, chain: [.issuing]).server().remarks(at: Self.now) == [.wrongPurpose])
    #expect(try Party(.chain, chain: [.issuing]).client().remarks(at: Self.now) == [])
    #expect(try Party.archive.client().remarks(at: Self.now) == [.wrongPurpose])
    #expect(try Party(.anyUse).server().remarks(at: Self.now) == [])
  }

  @Test func aChainIsRemarkedOn() throws {
    #expect(try Party(.server).server().remarks(at: Self.now) == [.incompleteChain])
    #expect(try Party.archive.server().remarks(at: Self.now) == [])
    #expect(try Party(.unknownDevice).server().remarks(at: Self.now) == [])
    let direct = Identity(.server("direct"), by: .ca)
    #expect(try Party(direct).server().remarks(at: Self.now) == [])
    let elsewhere = Party(direct).with { $0.authorities = [.otherCA] }
    #expect(try elsewhere.server().remarks(at: Self.now) == [.incompleteChain])
  }

  // MARK: threads

  /// All workers share a context.
  @Test func twoThreadsUseAContext() throws {
    let context = try Contexts.server.get()
    let client = try Contexts.client.get()
    let ended = try onTwoThreads { _ in
      for _ in 0..<40 {
        let server = SessionEndpoint(serverOf: context)
        let end = SessionEndpoint(clientOf: client)
        converse(end, server)
        let isGood = server.isComplete && server.facts.certificate?.commonNames == [[67, 84, 49]]
        precondition(isGood && context.remarks(at: 0) == [.notYetValid])
      }
    }
    #expect(ended)
  }
}
