/// The rows of the table of settings that are about load balancers.
extension Setting {
  /// The settings of the PROXY protocol: where to expect its header, and from whom.
  static let proxy = [
    Setting(
      "proxy-port", .proxy, effect: .binding, \.proxyPort, .portsOrNone,
      help: "TCP ports behind a load balancer",
      about: """
        The TCP ports for load balancers that send a PROXY protocol header, version 1 or 2, before the \
        DICOM of each connection: the header carries the address of the device, which then counts for \
        access rules, limits, [device] sections and the log. They accept nothing without a header, from \
        nobody but proxy-trusted. Each is opened on each address of bind-address. With none, no such \
        port is opened. If systemd passes sockets, as echoscpd-proxy.socket does, this setting is \
        ignored: run systemctl edit echoscpd-proxy.socket instead. Otherwise a change takes effect after \
        a restart.
        """),
    Setting(
      "tls-proxy-port", .proxy, effect: .binding, \.tlsProxyPort, .portsOrNone,
      help: "TCP ports for TLS behind a load balancer",
      about: """
        The TCP ports for load balancers that pass TLS through and send a PROXY protocol header before \
        it. What proxy-port says holds for these as well. They need tls-certificate and tls-private-key. \
        If systemd passes sockets, as echoscpd-tls-proxy.socket does, this setting is ignored.
        """),
    Setting(
      "proxy-trusted", .proxy, \.proxyTrusted, .rangesOrNone,
      help: "addresses of load balancers",
      about: """
        The addresses and networks of the load balancers, such as 192.0.2.7 or 192.0.2.0/28. Only these \
        may connect to proxy-port and tls-proxy-port; any other address is closed unread. A trusted host \
        can claim any address for a device, and by version 2 any certificate name, so list only the \
        balancers themselves. Until its header has arrived, a connection from such an address counts \
        for max-pending alone, and for no limit per address. none trusts nobody.
        """),
  ]
}
