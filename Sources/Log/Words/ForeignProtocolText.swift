public import UpperLayer

extension ForeignProtocol {
  /// What has come, in words.
  public var text: String {
    switch self {
    case .tls: "TLS on a port without TLS"
    case .proxy: "a PROXY protocol header, which is not expected here"
    case .other: "not DICOM"
    case .dicomFile, .dataSet: "\(name) without an association"
    default: "\(name) on a DICOM port"
    }
  }

  /// What it is called.
  public var name: String {
    switch self {
    case .http: "HTTP"
    case .tls: "TLS"
    case .ssh: "SSH"
    case .hl7: "HL7"
    case .smb: "SMB"
    case .proxy: "a PROXY protocol header"
    case .rdp: "RDP"
    case .socks: "SOCKS"
    case .rtsp: "RTSP (of a camera)"
    case .sip: "SIP (of a telephone)"
    case .mqtt: "MQTT"
    case .redis: "Redis"
    case .ldap: "LDAP"
    case .postgreSQL: "PostgreSQL"
    case .sqlServer: "Microsoft SQL Server"
    case .rpc: "Windows RPC"
    case .telnet: "Telnet"
    case .smtp: "SMTP"
    case .printJob: "a print job"
    case .printQueue: "a command to a print queue (LPD)"
    case .analyser: "a laboratory analyser (ASTM)"
    case .xml: "XML"
    case .json: "JSON"
    case .dicomFile: "a DICOM file"
    case .dataSet: "a DICOM data set"
    case .other: "something else"
    }
  }
}
