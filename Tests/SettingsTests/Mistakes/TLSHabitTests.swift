import Testing

@testable import Settings

/// Options and operands of other programs for TLS: each message has what to type instead.
@Suite struct TLSHabitTests {
  @Test(
    "DCMTK's storescp and echoscu, dcm4che, curl, nginx: options for TLS",
    arguments: [
      (
        ["--enable-tls", "key.pem", "my cert.pem"],
        "--enable-tls is not an option; type echoscpd --tls-port 2762 --tls-certificate 'my cert.pem' "
          + "--tls-private-key key.pem"
      ),
      (
        ["--enable-tls", "k", "c", "11112"],
        "--enable-tls is not an option; type echoscpd --tls-port 11112 --tls-certificate c "
          + "--tls-private-key k"
      ),
      (["--enable-tls"], "--enable-tls is not an option; \(servingTLS)"),
      (["--enable-tls", "k", "~/c"], "--enable-tls is not an option; \(servingTLS)"),
      (["--tls12", "104"], "--tls12 is not an option; \(servingTLS)"),
      (["--ssl"], "--ssl is not an option; \(servingTLS)"),
      (["+tls", "k", "c"], "port: \"+tls\" is not a port; \(whole)"),
      (["+cf", "ca.pem"], "port: \"+cf\" is not a port; type --tls-ca-certificates ca.pem"),
      (["+crl", "x"], "port: \"+crl\" is not a port; type --tls-crl x"),
      (
        ["--add-cert-file", "ca.pem"],
        "--add-cert-file is not an option; type --tls-ca-certificates ca.pem"
      ),
      (["-rc"], "-rc is not an option; type --tls-client-certificate require"),
      (["-ic"], "-ic is not an option; type --tls-client-certificate no"),
      (["--verify-peer-cert"], "--verify-peer-cert is not an option; type \(request)"),
      (
        ["+px"], "port: \"+px\" is not a port; leave it out: the cipher suites are those of BCP 195"
      ),
      (["--tls_certificate", "c"], "--tls_certificate is not an option; use --tls-certificate"),
      (["--tls-cert", "c"], "--tls-cert is not an option; use --tls-certificate"),
      (["--tls-key", "k"], "--tls-key is not an option; type --tls-private-key k"),
      (["--tls-ca", "c"], "--tls-ca is not an option; use --tls-ca-certificates"),
      (["--ssl-certificate", "c"], "--ssl-certificate is not an option; type --tls-certificate c"),
      (["--certificate", "c"], "--certificate is not an option; type --tls-certificate c"),
      (["--cert", "a\\b"], "--cert is not an option; use --tls-certificate"),
      (["--cacert", "c"], "--cacert is not an option; type --tls-ca-certificates c"),
      (["--servername", "pacs"], "--servername is not an option; use --server-name"),
    ] as [(words: [String], answer: String)])
  func service(line: (words: [String], answer: String)) {
    #expect(problem(of: line.words) == line.answer)
  }

  private static let request = "--tls-client-certificate request"
  private static let servingTLS = "use --tls-port, --tls-certificate and --tls-private-key"
  private static let whole = "type echoscpd --tls-port 2762 --tls-certificate c --tls-private-key k"

  @Test(
    "DCMTK's echoscu, curl, openssl s_client: options for TLS on the line of a probe",
    arguments: [
      (
        ["--probe", "--enable-tls", "k", "c", "pacs", "104"],
        "--enable-tls is not an option; \(identity)"
      ),
      (["--probe", "+tls", "k", "c", "pacs", "104"], "+tls is not an option; \(identity)"),
      (["--probe", "pacs", "+tla"], "+tla is not an option; type --tls"),
      (["--probe", "pacs", "--anonymous-tls"], "--anonymous-tls is not an option; type --tls"),
      (
        ["--probe", "pacs", "+cf", "ca.pem"],
        "+cf is not an option; type --tls --tls-ca-certificates ca.pem"
      ),
      (
        ["--probe", "pacs", "--cacert", "ca.pem"],
        "--cacert is not an option; type --tls --tls-ca-certificates ca.pem"
      ),
      (["--probe", "pacs", "--cert", "c"], "--cert is not an option; use --tls-certificate"),
      (["--probe", "pacs", "-rc"], "-rc is not an option"),
      (["--probe", "pacs", "+zz"], "--probe: \"+zz\" \(noHost)"),
    ] as [(words: [String], answer: String)])
  func probe(line: (words: [String], answer: String)) {
    #expect(problem(of: line.words) == line.answer)
  }

  private static let identity = "type --tls --tls-certificate c --tls-private-key k"
  private static let noHost =
    "is not a host: expected a name or an address, with or without a port, such as pacs:104, "
    + "192.0.2.1:104 or [2001:db8::1]:104"
}
