"""The first bytes of protocols other than DICOM, as clients and scanners send them, and their names."""

from __future__ import annotations

NAMES = {
    "http-on-dicom-port": "HTTP",
    "tls-on-plain-port": "TLS",
    "ssh-on-dicom-port": "SSH",
    "hl7-on-dicom-port": "HL7",
    "smb-on-dicom-port": "SMB",
    "rdp-on-dicom-port": "RDP",
    "socks-on-dicom-port": "SOCKS",
    "proxy": "PROXY",
    "not-dicom": "DICOM",
    "rtsp": "RTSP",
    "sip": "SIP",
    "smtp": "SMTP",
    "redis": "Redis",
    "postgresql": "PostgreSQL",
    "tds": "SQL Server",
    "ldap": "LDAP",
    "telnet": "Telnet",
    "mqtt": "MQTT",
    "rpc": "RPC",
    "print job": "print job",
    "print queue": "LPD",
    "analyzer": "ASTM",
    "xml": "XML",
    "json": "JSON",
    "file": "DICOM file",
    "data set": "data set",
}
"""The name of each protocol in the log; keys after `not-dicom`, and a PROXY header, have that cause."""


def cause_in_the_journal(key: str) -> str:
    """The ECHOSCP_CAUSE for a key of `NAMES`."""
    return key if key.endswith(("-port", "-dicom")) else "not-dicom"



CLIENT_HELLO = "0303" + "5c" * 32 + "00" + "0002" + "1301" + "0100" + "0000"

FOREIGN = {
    "HTTP": ("http-on-dicom-port", b"GET / HTTP/1.1\r\nHost: archive\r\n\r\n"),
    "HTTP without a version": ("http-on-dicom-port", b"GET /\r\n"),
    "HTTP, WebDAV": ("http-on-dicom-port", b"PROPFIND / HTTP/1.1\r\nHost: archive\r\n\r\n"),
    "HTTP/2": ("http-on-dicom-port", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(9)),
    **{
        f"TLS record of version 3.{minor}": (
            "tls-on-plain-port",
            bytes.fromhex(f"16030{minor}002d01000029" + CLIENT_HELLO),
        )
        for minor in (0, 1, 2, 3)
    },
    "SSL 2": ("tls-on-plain-port", bytes.fromhex("802e0100020015000000100100800200") + bytes(32)),
    "TLS in a hello of SSL 2": ("tls-on-plain-port", bytes.fromhex("806701030100") + bytes(99)),
    "SSH": ("ssh-on-dicom-port", b"SSH-2.0-OpenSSH_9.2\r\n"),
    "HL7": ("hl7-on-dicom-port", b"\x0bMSH|^~\\&|A|B|C|D|20240101||ADT^A01|1|P|2.3\r\x1c\r"),
    "HL7 without framing": ("hl7-on-dicom-port", b"MSH|^~\\&|A|B|C|D|20240101||ADT^A01|1|P|2.3\r"),
    "SMB 1": ("smb-on-dicom-port", bytes.fromhex("00000045ff534d4272000000")),
    "SMB 2": ("smb-on-dicom-port", bytes.fromhex("00000045fe534d4240000100")),
    "PROXY version 1": ("proxy", b"PROXY TCP4 192.0.2.1 192.0.2.2 50000 11112\r\n"),
    "PROXY version 2": (
        "proxy",
        bytes.fromhex("0d0a0d0a000d0a515549540a 2111000c c0000201 c0000202 c350 2b68"),
    ),
    "PROXY version 2 of a health check": (
        "proxy", bytes.fromhex("0d0a0d0a000d0a515549540a 20000000"),
    ),
    "RDP": ("rdp-on-dicom-port", bytes.fromhex("0300001311e00000000000000100080003000000")),
    "SOCKS 4": ("socks-on-dicom-port", bytes.fromhex("04010050c000020100")),
    "SOCKS 5": ("socks-on-dicom-port", bytes.fromhex("050100")),
    "SOCKS 5 with two methods": ("socks-on-dicom-port", bytes.fromhex("05020002")),
    "RTSP": ("rtsp", b"OPTIONS / RTSP/1.0\r\n\r\n"),
    "SIP": ("sip", b"OPTIONS sip:nm SIP/2.0\r\nVia: SIP/2.0/TCP nm;branch=foo\r\n\r\n"),
    "SMTP": ("smtp", b"EHLO a\r\n"),
    "Redis": ("redis", b"*1\r\n$4\r\nPING\r\n"),
    "PostgreSQL": ("postgresql", bytes.fromhex("0000000804d2162f")),
    "MySQL": ("not-dicom", bytes.fromhex("2000000185ae0300000000010800000000000000")),
    "TDS": ("tds", bytes.fromhex("1201003400000000000015000601001b000102")),
    "LDAP": ("ldap", bytes.fromhex("300c020101600702010304008000")),
    "telnet": ("telnet", bytes.fromhex("fffb01fffb03fffd18fffd1f")),
    "empty lines": ("not-dicom", b"\r\n\r\n"),
    "zeros": ("not-dicom", bytes(64)),
    "a DICOM file": ("file", bytes(128) + b"DICM" + bytes.fromhex("02000000554c0400")),
    "a data set": ("data set", bytes.fromhex("0800050043530a00") + b"ISO_IR 100"),
    "MQTT": ("mqtt", bytes.fromhex("100c00044d5154540402003c0000")),
    "Windows RPC": ("rpc", bytes.fromhex("05000b03100000004800000001000000")),
    "PJL": ("print job", b"\x1b%-12345X@PJL JOB\r\n"),
    "PostScript": ("print job", b"%!PS-Adobe-3.0\n"),
    **{
        f"LPD, command {number}": ("print queue", bytes((number,)) + b"default\n")
        for number in range(1, 6)
    },
    **{
        f"text behind {byte:02X}H": ("not-dicom", bytes((byte,)) + b"somewhere")
        for byte in range(1, 8)
    },
    "an analyzer": ("analyzer", b"\x05\x05"),
    "XML": ("xml", b"<?xml version='1.0'?><a/>"),
    "JSON": ("json", b'{"id": 1}'),
    "one byte, 00H": ("not-dicom", b"\x00"),
    "one byte, 08H": ("not-dicom", b"\x08"),
    "one byte, FFH": ("not-dicom", b"\xff"),
}  # fmt: skip
"""The first bytes of a client or a scanner, and their key in `NAMES`."""
