import COpenSSL
import Testing

@testable import TLS

/// What is wrong with a certificate, by OpenSSL's codes.
@Suite struct CertificateFaultsTests {
  @Test func allNamesEachFaultOnce() {
    let sum = CertificateFaults.all.reduce(into: CertificateFaults()) { $0.formUnion($1) }
    #expect(sum.rawValue.nonzeroBitCount == CertificateFaults.all.count)
    #expect(sum.rawValue == 0x3FF)
    #expect(CertificateFaults.all.allSatisfy { $0.rawValue.nonzeroBitCount == 1 })
  }

  @Test(arguments: [
    (X509_V_ERR_CERT_HAS_EXPIRED, CertificateFaults.expired),
    (X509_V_ERR_CERT_NOT_YET_VALID, .notYetValid),
    (X509_V_ERR_CERT_REVOKED, .revoked),
    (X509_V_ERR_INVALID_PURPOSE, .purpose),
    (X509_V_ERR_EE_KEY_TOO_SMALL, .weak),
    (X509_V_ERR_CA_KEY_TOO_SMALL, .weak),
    (X509_V_ERR_CA_MD_TOO_WEAK, .weak),
    (X509_V_ERR_HOSTNAME_MISMATCH, .name),
    (X509_V_ERR_IP_ADDRESS_MISMATCH, .name),
    (X509_V_ERR_UNABLE_TO_GET_CRL, .outdatedList),
    (X509_V_ERR_CRL_HAS_EXPIRED, .outdatedList),
    (X509_V_ERR_CRL_NOT_YET_VALID, .outdatedList),
    (X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, .untrusted),
    (X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, .untrusted),
    (X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, .untrusted),
    (X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, .untrusted),
    (X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION, .invalid),
    (X509_V_ERR_ERROR_IN_CERT_NOT_AFTER_FIELD, .invalid),
    (X509_V_ERR_UNSPECIFIED, .invalid),
    (X509_V_ERR_OUT_OF_MEM, .invalid),
  ])
  func aCodeHasAFault(_ code: Int32, _ fault: CertificateFaults) {
    #expect(CertificateFaults(code: code) == fault)
  }
}
