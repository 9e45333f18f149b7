import Log

// swift-format-ignore-file

/// The words of packaging/catalog/echoscpd.catalog, from which `make texts` makes this file.
extension CatalogID {
  /// What a record of this kind means, and what to do about it.
  var remedy: Remedy {
    switch self {
    case .started:
      Remedy(
        """
        The DICOM echo service has started
        """,
        """
        echoscpd has read its configuration and is starting to serve. It writes this record at \
        every log-level except none; its fields give the version, the level, the AE title, the \
        addresses it listens on and, with TLS, the days until its certificate expires.
        """,
        """
        The service was started by systemd or by hand.
        """,
        """
        Nothing to do.
        """,
        nil)
    case .listening:
      Remedy(
        """
        The DICOM echo service is listening
        """,
        """
        Devices can reach this host at the address and port in the message.
        """,
        """
        All threads of the service have started serving.
        """,
        """
        Nothing to do if the devices use this port. Otherwise, change it with systemctl edit \
        echoscpd.socket or, if that socket is not in use, with port in /etc/echoscp.conf. If this \
        host has a firewall, open the port there.
        """,
        nil)
    case .stopping:
      Remedy(
        """
        The DICOM echo service is stopping
        """,
        """
        The service accepts no more connections. Open associations have drain-timeout seconds to \
        end; those that are idle for a second are aborted before.
        """,
        """
        systemctl or a signal asked the service to stop.
        """,
        """
        Nothing to do.
        """,
        nil)
    case .stopped:
      Remedy(
        """
        The DICOM echo service has stopped
        """,
        """
        The message gives the number of associations and echoes since the start.
        """,
        """
        The service was asked to stop, and its associations have ended.
        """,
        """
        Nothing to do.
        """,
        nil)
    case .reloaded:
      Remedy(
        """
        The configuration was reloaded
        """,
        """
        The changes to the configuration are now in force. The service writes this record at every \
        log-level except none; its fields give the version, the level, the AE title, the addresses \
        it listens on and, with TLS, the days until its certificate expires.
        """,
        """
        Someone ran systemctl reload echoscpd, or the service received SIGHUP.
        """,
        """
        Nothing to do. To see every value and its origin, run echoscpd --dump-config.
        """,
        nil)
    case .restartNeeded:
      Remedy(
        """
        A changed setting needs a restart
        """,
        """
        The configuration was reloaded, but a setting in it has changed that takes effect only \
        when the service starts. Until then, its previous value stays in force.
        """,
        """
        The service creates its sockets and threads only once, at the start.
        """,
        """
        Run systemctl restart echoscpd at a time when devices can do without an answer; open \
        associations have drain-timeout seconds to end.
        """,
        nil)
    case .socketsOverride:
      Remedy(
        """
        The service does not listen where its configuration says
        """,
        """
        systemd opened the sockets that the service uses, so port and bind-address in \
        /etc/echoscp.conf have no effect. The message gives both the configured addresses and the \
        actual ones.
        """,
        """
        echoscpd.socket is active and has other addresses than the configuration.
        """,
        """
        To change the addresses, run systemctl edit echoscpd.socket, add an empty ListenStream= \
        below [Socket] and after it one for each address, then run systemctl restart \
        echoscpd.socket. To add only port 104, run systemctl enable echoscpd-privileged.socket, \
        then systemctl restart echoscpd.service. To keep the addresses, remove port and \
        bind-address from the configuration.
        """,
        nil)
    case .timeoutDisabled:
      Remedy(
        """
        A timeout is off
        """,
        """
        The timeout that the message names is 0, so a device that stalls is never disconnected and \
        keeps its connection and its association.
        """,
        """
        It is set to 0 in /etc/echoscp.conf or on the command line.
        """,
        """
        Remove the setting, or set a number of seconds; the default is 30.
        """,
        nil)
    case .runsAsRoot:
      Remedy(
        """
        The service runs as root
        """,
        """
        The service has all privileges on this host, but needs none of them once it listens. \
        Anyone who exploits a bug in it would have them as well.
        """,
        """
        Something other than echoscpd.service started it as root, and user is not set.
        """,
        """
        Set user in /etc/echoscp.conf to an account that serves no other purpose, and restart the \
        service; or use echoscpd.service, where systemd takes care of this. If root is intended, \
        set user = root to silence this warning.
        """,
        nil)
    case .maxAssociationsLowered:
      Remedy(
        """
        Fewer associations are possible than configured
        """,
        """
        max-associations asks for more associations at a time than the process may have open \
        files. The message gives both numbers.
        """,
        """
        The limit on the service's open files is too low.
        """,
        """
        Run systemctl edit echoscpd and raise LimitNOFILE= below [Service], then run systemctl \
        restart echoscpd; or lower max-associations.
        """,
        nil)
    case .acceptingAgain:
      Remedy(
        """
        Connections are accepted again
        """,
        """
        A file descriptor is free, and the service accepts the connections that were waiting.
        """,
        """
        Connections that had used up the limit on open files have ended.
        """,
        """
        Nothing to do.
        """,
        nil)
    case .connected:
      Remedy(
        """
        A device connected
        """,
        """
        @DICOM_PEER_ADDRESS@ opened a connection, and has sent nothing yet.
        """,
        """
        The device was told to call this host.
        """,
        """
        Nothing to do.
        """,
        """
        Nothing to do.
        """)
    case .secured:
      Remedy(
        """
        A TLS handshake is complete
        """,
        """
        The device at @DICOM_PEER_ADDRESS@ and this host communicate over TLS. The message and its \
        fields give the version, the cipher suite, the group of the key exchange, the application \
        protocol and server name if there are any, and the device's certificate.
        """,
        """
        The device connected to a port for TLS.
        """,
        """
        Nothing to do.
        """,
        """
        Nothing to do.
        """)
    case .associationAccepted:
      Remedy(
        """
        An association was accepted
        """,
        """
        The device at @DICOM_PEER_ADDRESS@ can now send C-ECHO-RQs.
        """,
        """
        It proposed Verification with a transfer syntax that this host accepts.
        """,
        """
        Nothing to do.
        """,
        """
        Nothing to do.
        """)
    case .echoReceived:
      Remedy(
        """
        An echo was answered
        """,
        """
        The service answered the C-ECHO-RQ @DICOM_MESSAGE_ID@ from @DICOM_PEER_ADDRESS@ with \
        Success.
        """,
        """
        Someone pressed Echo or Verify on the device, or the device sends echoes automatically.
        """,
        """
        Nothing to do.
        """,
        """
        Nothing to do.
        """)
    case .cancelReceived:
      Remedy(
        """
        A C-CANCEL-RQ was ignored
        """,
        """
        The device at @DICOM_PEER_ADDRESS@ tried to cancel an operation. An echo cannot be \
        canceled.
        """,
        """
        Some devices send it as a precaution.
        """,
        """
        Nothing to do.
        """,
        """
        Nothing to do.
        """)
    case .associationReleased:
      Remedy(
        """
        An association ended normally
        """,
        """
        The device and this host can communicate in DICOM: network, port and negotiation work. The \
        message gives the number of echoes answered and the time taken. Whatever it lists as \
        tolerated is accepted here, but may be refused by a stricter archive; echoscpd-journal(7) \
        explains each of these words.
        """,
        """
        The device sent C-ECHO-RQs and then A-RELEASE-RQ, as it should.
        """,
        """
        Nothing to do. To reject a wrong called AE title here as well, set require-called-ae-title \
        = yes.
        """,
        """
        Nothing to do if nothing was tolerated. For called-ae-title-differs, correct the AE title \
        that the device calls; for ae-titles-swapped, exchange the two titles on the device; for \
        ae-titles-equal, give the device its own AE title; for words that begin with certificate, \
        install another certificate. The other words are for its manufacturer.
        """)
    case .closeTimedOut:
      Remedy(
        """
        A device did not close its connection
        """,
        """
        The association was over, but the device at @DICOM_PEER_ADDRESS@ left the connection open \
        until acse-timeout expired. The service closed it.
        """,
        """
        PS3.8 requires the requestor to close the connection; some devices never do.
        """,
        """
        Nothing to do.
        """,
        """
        Nothing to do, since its association was over.
        """)
    case .disconnected:
      Remedy(
        """
        A connection was closed
        """,
        """
        The connection with @DICOM_PEER_ADDRESS@ is closed.
        """,
        """
        Its association had ended before.
        """,
        """
        Nothing to do.
        """,
        """
        Nothing to do.
        """)
    case .healthCheck:
      Remedy(
        """
        A connection was opened and closed without a byte
        """,
        """
        @DICOM_PEER_ADDRESS@ connected and closed the connection at once, without trying to speak \
        DICOM.
        """,
        """
        A health check by a monitor or a load balancer, or a port scan. If the address is that of \
        a device that gets no answer, a firewall may let the connection be established and then \
        cut it.
        """,
        """
        Nothing to do if the address is that of a monitor.
        """,
        """
        If the address is that of a device, check whether a firewall between the two inspects \
        DICOM; if so, exempt this connection from the inspection.
        """)
    case .httpOnDICOMPort:
      Remedy(
        """
        HTTP arrived instead of DICOM
        """,
        """
        @DICOM_PEER_ADDRESS@ sent HTTP. The service ended the connection. Nothing is wrong with \
        this host, and the network path to it works.
        """,
        """
        A browser, a DICOMweb client or a health check is configured with the DICOM port.
        """,
        """
        If it is a health check, make it open a TCP connection only, without sending a request.
        """,
        """
        Enter the host and port as those of a DICOM node, not as a URL. DICOMweb needs another \
        server: this one speaks only DICOM over TCP.
        """)
    case .tlsOnPlainPort:
      Remedy(
        """
        TLS arrived instead of DICOM
        """,
        """
        @DICOM_PEER_ADDRESS@ sent TLS. The service ended the connection. Nothing is wrong with \
        this host, and the network path to it works.
        """,
        """
        The device is configured for secure DICOM, but this port does not use TLS.
        """,
        """
        To accept TLS, set tls-port, usually to 2762, with tls-certificate and tls-private-key, or \
        enable echoscpd-tls.socket.
        """,
        """
        Enter the port of this host for TLS, or turn TLS off for this node.
        """)
    case .hl7OnDICOMPort:
      Remedy(
        """
        HL7 arrived instead of DICOM
        """,
        """
        @DICOM_PEER_ADDRESS@ sent HL7. The service ended the connection. Nothing is wrong with \
        this host, and the network path to it works.
        """,
        """
        An HL7 interface sends its messages here: it was given the wrong host or port.
        """,
        """
        Check whether an HL7 server should be listening on this port instead.
        """,
        """
        Enter the port of the HL7 server. The ports of HL7 and DICOM nodes are easily confused.
        """)
    case .sshOnDICOMPort:
      Remedy(
        """
        SSH arrived instead of DICOM
        """,
        """
        @DICOM_PEER_ADDRESS@ sent SSH. The service ended the connection. Nothing is wrong with \
        this host, and the network path to it works.
        """,
        """
        An SSH client was given the DICOM port, or a port scanner is probing this host.
        """,
        """
        Find out whose address it is; if it should not connect, add it to deny-addresses.
        """,
        """
        Use the port of SSH, which is 22 by default.
        """)
    case .smbOnDICOMPort:
      Remedy(
        """
        SMB arrived instead of DICOM
        """,
        """
        @DICOM_PEER_ADDRESS@ sent SMB, the protocol of Windows shares. The service ended the \
        connection. Nothing is wrong with this host, and the network path to it works.
        """,
        """
        A computer is looking for a shared folder on this host, or a port scanner is probing it.
        """,
        """
        Find out whose address it is; if it should not connect, add it to deny-addresses.
        """,
        """
        Enter the host and port of the file server.
        """)
    case .rdpOnDICOMPort:
      Remedy(
        """
        RDP arrived instead of DICOM
        """,
        """
        @DICOM_PEER_ADDRESS@ sent RDP, the protocol of Windows Remote Desktop. The service ended \
        the connection. Nothing is wrong with this host, and the network path to it works.
        """,
        """
        A remote desktop client was given the DICOM port, or a port scanner is probing this host.
        """,
        """
        Find out whose address it is; if it should not connect, add it to deny-addresses.
        """,
        """
        Use the port of RDP, which is 3389 by default.
        """)
    case .socksOnDICOMPort:
      Remedy(
        """
        SOCKS arrived instead of DICOM
        """,
        """
        @DICOM_PEER_ADDRESS@ sent SOCKS. The service ended the connection. Nothing is wrong with \
        this host, and the network path to it works.
        """,
        """
        A program takes this host for a proxy, or a port scanner is probing it.
        """,
        """
        Find out whose address it is; if it should not connect, add it to deny-addresses.
        """,
        """
        Remove this host from its proxy settings.
        """)
    case .notDICOM:
      Remedy(
        """
        Something other than DICOM arrived
        """,
        """
        @DICOM_PEER_ADDRESS@ sent something that is not DICOM. The service ended the connection. \
        Nothing is wrong with this host, and the network path to it works.
        """,
        """
        Something else calls this port: a camera, an analyzer, a print server or another program \
        is configured with this host and port, a port scanner is probing this host, or a load \
        balancer sends a PROXY protocol header first. The message names the protocol, if known, \
        and shows the first bytes.
        """,
        """
        Find out whose address it is; if it should not connect, add it to deny-addresses. If it is \
        a load balancer, have it use a proxy-port, or turn off its PROXY protocol header.
        """,
        """
        If it should speak DICOM, configure it for DICOM over TCP to this host and port; \
        otherwise, enter the host and port of the server that it needs.
        """)
    case .calledAETitle:
      Remedy(
        """
        A device calls a different AE title
        """,
        """
        @DICOM_CALLING_AE@ at @DICOM_PEER_ADDRESS@ called @DICOM_CALLED_AE@, which is not the AE \
        title of this host. The service rejected its association (@DICOM_REASON@). The network \
        path to this host works.
        """,
        """
        The device has a wrong AE title for this host, or one that differs only in upper and lower \
        case, which matters in AE titles.
        """,
        """
        The AE title of this host is ae-title in /etc/echoscp.conf. To accept any called title, \
        set require-called-ae-title = no.
        """,
        """
        Enter this host's AE title, which the message gives, as the called or remote AE title.
        """)
    case .callingAETitle:
      Remedy(
        """
        A device is not allowed to associate
        """,
        """
        The service rejected @DICOM_CALLING_AE@ at @DICOM_PEER_ADDRESS@ because of its calling AE \
        title (@DICOM_REASON@). The message says which rule applies.
        """,
        """
        allow-calling-ae-titles is set and does not include the title; or the title is that of a \
        device whose section binds it to other addresses: the device has moved, has a second \
        address, is behind a router that translates addresses, or someone else uses its title.
        """,
        """
        Add the title to allow-calling-ae-titles in /etc/echoscp.conf; * stands for any characters \
        and ? for one, and a title with a blank needs quotation marks. Or, if the address is the \
        device's own, add it to address in the section [device TITLE].
        """,
        """
        Check that its own AE title is set, is spelled as it should be, including upper and lower \
        case, and is not that of another device; and that its address is the one it should have.
        """)
    case .addressDenied:
      Remedy(
        """
        An address is not allowed to connect
        """,
        """
        The service closed the connection from @DICOM_PEER_ADDRESS@ without reading anything.
        """,
        """
        allow-addresses does not include the address, or deny-addresses does.
        """,
        """
        To let the device in, change these two settings in /etc/echoscp.conf. Behind a router that \
        translates addresses, all devices have the address of the router.
        """,
        """
        Check that its address is the one it should have.
        """)
    case .protocolVersion:
      Remedy(
        """
        A device speaks another version of the protocol
        """,
        """
        The A-ASSOCIATE-RQ from @DICOM_PEER_ADDRESS@ does not propose version 1 of the DICOM Upper \
        Layer protocol, the only one that exists (PS3.8 §9.3.2).
        """,
        """
        The device has faulty DICOM software, or is a test program.
        """,
        """
        Nothing to do; no setting helps.
        """,
        """
        Contact the manufacturer.
        """)
    case .applicationContext:
      Remedy(
        """
        A device names another application context
        """,
        """
        The A-ASSOCIATE-RQ from @DICOM_PEER_ADDRESS@ does not have the DICOM application context \
        name 1.2.840.10008.3.1.1.1, the only one that exists (PS3.7 annex A.2.1).
        """,
        """
        The device has faulty DICOM software, or is a test program.
        """,
        """
        Nothing to do; no setting helps.
        """,
        """
        Contact the manufacturer.
        """)
    case .noVerificationContext:
      Remedy(
        """
        A device wanted something other than an echo
        """,
        """
        @DICOM_CALLING_AE@ at @DICOM_PEER_ADDRESS@ proposed no presentation context for \
        Verification, so this host accepted the association, but no presentation context. The \
        network path works, and neither AE title was refused.
        """,
        """
        The device was told to send or to query, but this host only answers echoes.
        """,
        """
        Nothing to do: this host only answers echoes. To see in the log what the device proposed, \
        set log-level = debug.
        """,
        """
        Use its Echo, Verify or DICOM Ping function; send images to an archive.
        """)
    case .noCommonTransferSyntax:
      Remedy(
        """
        A device proposes no transfer syntax that this host accepts
        """,
        """
        @DICOM_CALLING_AE@ at @DICOM_PEER_ADDRESS@ proposed Verification, but with no transfer \
        syntax that this host accepts. The association was accepted, but no echo can be sent on \
        it.
        """,
        """
        The device proposes an unusual one; or prefer = implicit is set here, and the device does \
        not propose Implicit VR Little Endian, which the standard requires everyone to support.
        """,
        """
        Check prefer in /etc/echoscp.conf; with prefer = none, this host accepts all the usual \
        ones.
        """,
        """
        Make it propose Implicit VR Little Endian (1.2.840.10008.1.2) for Verification.
        """)
    case .silentPeer:
      Remedy(
        """
        A device connected and sent nothing
        """,
        """
        @DICOM_PEER_ADDRESS@ connected, but sent nothing before acse-timeout expired. The network \
        lets connections to this host be established.
        """,
        """
        A firewall lets the connection be established and blocks what follows; a program that \
        waits for the server to speak first, such as a mail client, calls this port; or the device \
        is not ready.
        """,
        """
        Run tcpdump -n host @DICOM_PEER_ADDRESS@ to see whether anything arrives.
        """,
        """
        Check whether it calls this host as a DICOM node. If a firewall between the two inspects \
        DICOM, exempt this connection from the inspection; if it limits the size of packets, lower \
        the MTU of the device.
        """)
    case .stalledRequest:
      Remedy(
        """
        A device began a request and did not complete it
        """,
        """
        Part of an A-ASSOCIATE-RQ arrived from @DICOM_PEER_ADDRESS@, but the rest did not before \
        acse-timeout expired.
        """,
        """
        Large packets are lost on the way, as behind a VPN with a wrong MTU; the line is very \
        slow; or the device failed halfway.
        """,
        """
        Run ping -M do -s 1472 @DICOM_PEER_ADDRESS@ to see whether large packets pass. For a slow \
        line, raise acse-timeout.
        """,
        """
        Set its MTU to that of the line, or exempt this connection from DICOM inspection on the \
        firewall between the two.
        """)
    case .idleAssociation:
      Remedy(
        """
        An association was idle for too long
        """,
        """
        The device at @DICOM_PEER_ADDRESS@ had an association, but sent nothing before \
        network-timeout expired. The service aborted the association (@DICOM_REASON@).
        """,
        """
        The device keeps its association open in order to use it again, or waits for someone. \
        After an answered echo, this does no harm.
        """,
        """
        To let it keep its association, raise network-timeout.
        """,
        """
        Make it release the association after its echo.
        """)
    case .stalledMessage:
      Remedy(
        """
        A device began a message and did not complete it
        """,
        """
        The first part of a DICOM message arrived from @DICOM_PEER_ADDRESS@, but the rest did not \
        before dimse-timeout expired, or before the device released the association without an \
        echo. The record says how much arrived.
        """,
        """
        Packets are lost on the way, or the device failed halfway.
        """,
        """
        Run ss -tino to see the retransmissions of each connection. For a very slow line, raise \
        dimse-timeout.
        """,
        """
        See its own log. If other devices reach this host, check the device's cable, switch port \
        and MTU.
        """)
    case .stalledReceiver:
      Remedy(
        """
        A device does not read its answers
        """,
        """
        @DICOM_PEER_ADDRESS@ read none of its answers before network-timeout expired, or only a \
        little in twice that time, or many peers did the same at once. The message says which. The \
        service closed the connection.
        """,
        """
        The device sends without reading, or hangs, or packets to it are lost.
        """,
        """
        Run ss -tn; Send-Q shows what has not been delivered. For a very slow line, raise \
        network-timeout.
        """,
        """
        Restart its DICOM service. If it sent a flood of echoes, make it wait for the answers.
        """)
    case .notAnEcho:
      Remedy(
        """
        A device sent a command other than an echo
        """,
        """
        The device at @DICOM_PEER_ADDRESS@ sent a command that is not C-ECHO-RQ, or a C-ECHO-RQ \
        for another SOP class, on the presentation context for Verification. The message gives the \
        name and number of the command, or the SOP class. The service aborted the association.
        """,
        """
        Its software mixes up presentation contexts, or it is a test program.
        """,
        """
        Nothing to do; this host only answers C-ECHO-RQs for Verification.
        """,
        """
        Use its Echo, Verify or DICOM Ping function. If you already did, contact the manufacturer.
        """)
    case .echoWithDataSet:
      Remedy(
        """
        A device sent an echo with a data set
        """,
        """
        A C-ECHO-RQ has no data set (PS3.7 §9.3.5.1), but the one from @DICOM_PEER_ADDRESS@ \
        announces or sends one. The service aborted the association.
        """,
        """
        The device has faulty DICOM software, or is a test program.
        """,
        """
        Nothing to do; no setting helps.
        """,
        """
        Contact the manufacturer.
        """)
    case .noEchoSent:
      Remedy(
        """
        An association ended before an echo was sent
        """,
        """
        The device at @DICOM_PEER_ADDRESS@ opened an association with this host, and ended it \
        without sending a C-ECHO-RQ.
        """,
        """
        Either the device only tests whether it can associate, or what was accepted was not what \
        it needed: it may have wanted to send images, for which this host accepts no presentation \
        context.
        """,
        """
        If any presentation contexts were refused, the message gives their number and the SOP \
        class of the first one; to see them all, set log-level = debug. This host answers echoes \
        and takes no images.
        """,
        """
        Use its Echo, Verify or DICOM Ping function, not one that sends images.
        """)
    case .unknownPresentationContext:
      Remedy(
        """
        A message came on a presentation context that was not accepted
        """,
        """
        The device at @DICOM_PEER_ADDRESS@ used a presentation context that it had not proposed, \
        or that was not accepted. The service aborted the association (@DICOM_REASON@).
        """,
        """
        The device ignores which of its proposals were accepted: often it wanted to send images.
        """,
        """
        Nothing to do; this host accepts only Verification. Send images to an archive.
        """,
        """
        Use its Echo, Verify or DICOM Ping function. If you already did, contact the manufacturer.
        """)
    case .malformedPDU:
      Remedy(
        """
        A PDU breaks the rules of PS3.8
        """,
        """
        @DICOM_PEER_ADDRESS@ sent a PDU of a known DICOM type whose content does not match its \
        lengths or lacks a required part. The message says what and where. The service aborted the \
        association (A-ABORT 2/6) or, if there was none yet, the connection (A-ABORT 0/0).
        """,
        """
        The device has faulty DICOM software or is a test program, or something between the two \
        changes the bytes.
        """,
        """
        The DICOM_PDU field of this record holds the bytes, unless log-pdus = no: run journalctl \
        -o verbose to see it. To record everything that arrives, run tcpdump -n -w FILE host \
        @DICOM_PEER_ADDRESS@.
        """,
        """
        Contact the manufacturer, and quote the message of this record.
        """)
    case .malformedCommand:
      Remedy(
        """
        A command breaks the rules of PS3.7
        """,
        """
        The command set that @DICOM_PEER_ADDRESS@ sent cannot be read, or lacks a required part. \
        The message says what and where. The service aborted the association (@DICOM_REASON@).
        """,
        """
        The device has faulty DICOM software or is a test program, or something between the two \
        changes the bytes.
        """,
        """
        The DICOM_PDU field of this record holds the bytes, unless log-pdus = no: run journalctl \
        -o verbose to see it. To record everything that arrives, run tcpdump -n -w FILE host \
        @DICOM_PEER_ADDRESS@.
        """,
        """
        Contact the manufacturer, and quote the message of this record.
        """)
    case .unexpectedPDU:
      Remedy(
        """
        A PDU arrived out of sequence
        """,
        """
        The device at @DICOM_PEER_ADDRESS@ sent a PDU that is not allowed at that point (PS3.8 \
        Table 9-10). The message names it, or its first byte. If there was an association, the \
        service aborted it (A-ABORT 2/2); otherwise, it sent A-ABORT 0/0 if the header of the PDU \
        was complete.
        """,
        """
        The device sends before its association is accepted, requests an association twice on one \
        connection, or is a test program.
        """,
        """
        The DICOM_PDU field of this record holds the bytes, unless log-pdus = no: run journalctl \
        -o verbose to see it. To record everything that arrives, run tcpdump -n -w FILE host \
        @DICOM_PEER_ADDRESS@.
        """,
        """
        Contact the manufacturer, and quote the message of this record.
        """)
    case .unrecognizedPDU:
      Remedy(
        """
        A PDU of unknown type arrived
        """,
        """
        The device at @DICOM_PEER_ADDRESS@ has an association, and sent a PDU of a type that PS3.8 \
        does not define. The service aborted the association (@DICOM_REASON@).
        """,
        """
        The device miscounted a length, so that the next PDU seems to begin elsewhere, or \
        something between the two changes the bytes.
        """,
        """
        The DICOM_PDU field of this record holds the bytes, unless log-pdus = no: run journalctl \
        -o verbose to see it. To record everything that arrives, run tcpdump -n -w FILE host \
        @DICOM_PEER_ADDRESS@.
        """,
        """
        Contact the manufacturer, and quote the message of this record.
        """)
    case .pduTooLong:
      Remedy(
        """
        A PDU is longer than allowed
        """,
        """
        The device at @DICOM_PEER_ADDRESS@ sent a P-DATA-TF longer than the maximum length \
        announced to it. The service aborted the association (@DICOM_REASON@).
        """,
        """
        The device does not respect the maximum length in the A-ASSOCIATE-AC, which is max-pdu.
        """,
        """
        To announce no limit, set max-pdu = 0 in /etc/echoscp.conf.
        """,
        """
        Set its maximum PDU length for sending to the number in the message, or less.
        """)
    case .requestTooLong:
      Remedy(
        """
        A request is longer than any valid one
        """,
        """
        The A-ASSOCIATE-RQ from @DICOM_PEER_ADDRESS@ is longer than 262144 bytes. Even 128 \
        presentation contexts, the most there can be, with all transfer syntaxes of the standard \
        take only 156,000 bytes. The service ended the connection (A-ABORT 0/0).
        """,
        """
        The device miscounts the length of its request or adds private items to it, or something \
        between the two changes the bytes.
        """,
        """
        No setting makes room for it. The DICOM_PDU field of this record holds what arrived with \
        the header, unless log-pdus = no: run journalctl -o verbose to see it.
        """,
        """
        Reduce the number of SOP classes and transfer syntaxes that it proposes to this host; an \
        echo needs only Verification. If that does not help, contact the manufacturer.
        """)
    case .maxLengthTooSmall:
      Remedy(
        """
        A device leaves no room for an answer
        """,
        """
        The A-ASSOCIATE-RQ from @DICOM_PEER_ADDRESS@ has a maximum length that no answer fits \
        into, so its echo could not be answered.
        """,
        """
        The maximum PDU length on the device is set to a few bytes.
        """,
        """
        Nothing to do; no setting helps.
        """,
        """
        Set its maximum PDU length to 16384, or to 0 for no limit.
        """)
    case .peerAborted:
      Remedy(
        """
        A device aborted its association
        """,
        """
        The device at @DICOM_PEER_ADDRESS@ sent A-ABORT. The message says how far it had got.
        """,
        """
        Someone canceled on the device, its program ended, or it never releases its associations. \
        After an answered echo, this does no harm.
        """,
        """
        Nothing to do.
        """,
        """
        If the device reports its echo as failed, see its own log for the reason of the abort.
        """)
    case .peerVanished:
      Remedy(
        """
        A device closed its connection too early
        """,
        """
        @DICOM_PEER_ADDRESS@ closed the connection without A-RELEASE-RQ, or before its request was \
        complete. The message says how far it had got, and how much of an incomplete PDU arrived.
        """,
        """
        The device gives up when no answer comes quickly, its program ended, or it skips the \
        release. After an answered echo, this does no harm. If a PDU was incomplete, its program \
        failed while sending, or large packets are lost on the way.
        """,
        """
        Nothing to do if its echo was answered. Otherwise, run tcpdump -n host \
        @DICOM_PEER_ADDRESS@ to see who closes the connection, and when. If PDUs are incomplete, \
        run ping -M do -s 1472 @DICOM_PEER_ADDRESS@ to see whether large packets pass.
        """,
        """
        If the device reports its echo as failed, see its own log, and raise its timeouts.
        """)
    case .peerReset:
      Remedy(
        """
        A connection was reset
        """,
        """
        The connection with @DICOM_PEER_ADDRESS@ was reset or failed. The message says how far the \
        device had got.
        """,
        """
        A firewall cut it, the program on the device ended, or the line is down. After an answered \
        echo, this does no harm.
        """,
        """
        Nothing to do if its echo was answered. Otherwise, run tcpdump -n host \
        @DICOM_PEER_ADDRESS@ to see who sends the reset.
        """,
        """
        If it happens every time, look for a firewall between the two that inspects DICOM, and \
        exempt this connection from the inspection.
        """)
    case .tooManyAssociations:
      Remedy(
        """
        There is no room for another association
        """,
        """
        The service rejected the device at @DICOM_PEER_ADDRESS@, since this host already has as \
        many associations as it takes at a time.
        """,
        """
        Many devices are associated at once, or one does not end its associations.
        """,
        """
        Run ss -tn to see who holds the connections. Raise the limit that the message names: \
        max-tls-associations, or max-associations; if that is auto, raise LimitNOFILE= with \
        systemctl edit echoscpd and run systemctl restart echoscpd. Or lower network-timeout so \
        that idle associations end sooner.
        """,
        """
        It can try again later. Make it release its associations when it is done.
        """)
    case .tooManyFromAddress:
      Remedy(
        """
        One address has reached its limit
        """,
        """
        @DICOM_PEER_ADDRESS@ has reached a limit that applies to each address: on associations, on \
        connections without one, or on new connections per second. The message says which, and \
        what was turned away.
        """,
        """
        A device that does not end its connections, a port scanner or a monitor that makes many, \
        or several devices behind one address (NAT, a load balancer).
        """,
        """
        Find out whose address it is. If it may have that many, raise \
        max-associations-per-address, max-pending-per-address or max-connection-rate; otherwise, \
        add it to deny-addresses.
        """,
        """
        Make it end its connections when it is done, and connect less often.
        """)
    case .tooManyPending:
      Remedy(
        """
        Too many connections have no association
        """,
        """
        More connections had no association than max-pending allows, or more than 64 of those with \
        TLS, so the service closed some of them. Each time, it closes the oldest from the address \
        with the most, if that has more than an eighth of them; otherwise the oldest of all, if it \
        is a second old; otherwise the newest. With TLS, the newest waits instead. Associations \
        are not affected. The last connection closed was from @DICOM_PEER_ADDRESS@.
        """,
        """
        A port scan, a flood, or a monitor that connects, sends nothing and does not hang up.
        """,
        """
        Run ss -tn to see whose connections they are, and keep those addresses out with \
        deny-addresses or a firewall; max-pending-per-address limits what each of them can take.
        """,
        """
        If a device is slow to send its request, make it send the request as soon as it has \
        connected.
        """)
    case .associationEvicted:
      Remedy(
        """
        An association made room for another device
        """,
        """
        All associations that this host takes were in use, and the address @DICOM_PEER_ADDRESS@ \
        had the most. The service aborted the one from there that had been idle longest \
        (@DICOM_REASON@), so that a device at another address could associate.
        """,
        """
        Software at that address opens associations without releasing them, or very many devices \
        share it (NAT, a load balancer).
        """,
        """
        Run ss -tn to see what the address holds. If that is legitimate, raise LimitNOFILE= with \
        systemctl edit echoscpd and run systemctl restart echoscpd, or list the address in a \
        section [device TITLE] of /etc/echoscp.conf: associations of such a device are never \
        aborted to make room. Otherwise, add it to deny-addresses.
        """,
        """
        Make it release its associations when it is done, or open fewer at a time.
        """)
    case .partialPDUMemory:
      Remedy(
        """
        The memory for incomplete PDUs is used up
        """,
        """
        The service turned @DICOM_PEER_ADDRESS@ away, since the memory for PDUs that arrive in \
        pieces is used up. The message says whether the largest part of it was held by a PDU of \
        this peer or by others. If it is about an answer that the device does not read, this host \
        had no memory to keep the answer.
        """,
        """
        One or several addresses send the beginning of long requests or messages and never the \
        end: a flood, a test program, or a line that loses packets. If the message is about an \
        answer, this host is out of memory.
        """,
        """
        Run journalctl ECHOSCP_CAUSE=partial-pdu-memory to see whose PDUs held the most, and add \
        those addresses to deny-addresses. Raise partial-pdu-memory only if the requests are \
        wanted. If the message is about an answer, run free, and journalctl -p err for other \
        errors at that time.
        """,
        """
        If its own PDU held the most, make it complete its requests. If it does not read its \
        answers, make it read them before it sends more. Otherwise, it can try again later.
        """)
    case .reloadFailed:
      Remedy(
        """
        The configuration could not be read
        """,
        """
        A reload was requested, but the service could not read the files for lack of file \
        descriptors or memory. This says nothing about their content. The previous configuration \
        stays in force.
        """,
        """
        This host is short of file descriptors or memory, or the process has reached a limit.
        """,
        """
        Run free to see whether memory is short, and cat /proc/sys/fs/file-nr: if the first number \
        is near the third, this host is short of file descriptors. For other errors at that time, \
        run journalctl -p err. Then run systemctl reload echoscpd again.
        """,
        nil)
    case .outOfDescriptors:
      Remedy(
        """
        No file descriptor is left for another connection
        """,
        """
        The service makes room by closing connections that have no association. If there are none, \
        new connections wait until an open one ends, and are then accepted. Open associations are \
        served as before.
        """,
        """
        More connections are open than the limit on open files allows: many devices at once, or \
        one that opens connections without closing them. If the message is about the whole \
        machine, its programs together have used up the file descriptors.
        """,
        """
        Run ss -tn to see who holds the connections. If they are wanted, raise LimitNOFILE= with \
        systemctl edit echoscpd and run systemctl restart echoscpd; otherwise, lower acse-timeout \
        and network-timeout so that idle ones end sooner. If the message is about the whole \
        machine, raise fs.file-max with sysctl, or stop the process with the most open files; to \
        find it, run find /proc/[0-9]*/fd | cut -d/ -f3 | uniq -c | sort -n | tail.
        """,
        """
        If a device leaves its connections open, make it close them, or restart it.
        """)
    case .acceptFailed:
      Remedy(
        """
        Connections cannot be accepted
        """,
        """
        The system does not let the service accept or watch connections; the message gives the \
        reason.
        """,
        """
        The system is short of memory or of another resource.
        """,
        """
        Run free, and journalctl -p err for other errors at that time. The service keeps trying.
        """,
        nil)
    case .draining:
      Remedy(
        """
        An association ended because the service is stopping
        """,
        """
        The service was asked to stop while the device at @DICOM_PEER_ADDRESS@ still had a \
        connection.
        """,
        """
        The connection was idle for a second, or was still in use when drain-timeout expired.
        """,
        """
        Nothing to do. If associations need more time, raise drain-timeout.
        """,
        """
        Nothing to do; the device can connect again once the service is running.
        """)
    case .listenFailed:
      Remedy(
        """
        The service cannot listen on its address or port
        """,
        """
        The service did not start. The message names the address and port, and the reason.
        """,
        """
        Another program listens there, the port is below 1024 and needs a privilege, or the \
        address does not belong to this host. This does not happen with echoscpd.socket, where \
        systemd does the listening.
        """,
        """
        Run ss -ltnp to see which programs listen where, and ip address to see the addresses of \
        this host. Change port or bind-address in /etc/echoscp.conf, stop the other program, or \
        let systemd listen, which needs no privilege: run systemctl enable --now echoscpd.socket \
        for port 11112, and for port 104 also systemctl enable echoscpd-privileged.socket, then \
        systemctl restart echoscpd.service.
        """,
        nil)
    case .configInvalid:
      Remedy(
        """
        The configuration has errors and is not in force
        """,
        """
        The service never applies a configuration with errors. At a reload, the whole previous \
        configuration stays in force. At a start there is none, so the service does not start: it \
        closes the connections that arrive, and ends. With echoscpd.socket, systemd starts it \
        again at the next connection; until the files are corrected, that connection is closed, \
        too. The message is followed by a line for each error, with its file, its line, and the \
        correct form.
        """,
        """
        A file was changed, and part of it is not valid.
        """,
        """
        Correct the lines named there. Run echoscpd --check-config to see what is left to correct, \
        then systemctl reload echoscpd. If the service has not started, the next connection makes \
        it read the files again.
        """,
        nil)
    case .recordsDropped:
      Remedy(
        """
        Log records were lost
        """,
        """
        The service could not write some of its records. The message says how many were lost, and \
        why: the reader of standard error or the journal was too slow, there was no journal, or \
        the journal refused them. No device had to wait because of this.
        """,
        """
        The journal is slow, stopped, full or missing; the program that reads standard error is \
        slow, and there were very many records at once, as with log-level = debug; or the system \
        does not let the service write to the journal, for example because a security module \
        (AppArmor, SELinux) forbids it.
        """,
        """
        Run systemctl status systemd-journald, and df to look for a full disk. If log-level is \
        debug, set it back to auto. If the journal refuses the records, look for denials with \
        journalctl -k, and check that the service may write to /run/systemd/journal/socket.
        """,
        nil)
    case .stoppedAtOnce:
      Remedy(
        """
        The service stopped at once and aborted associations
        """,
        """
        The service did not wait for associations to end. It sent an A-ABORT on each of them, \
        unless the device was not reading at that moment; the message gives their number.
        """,
        """
        A second stop signal arrived while associations were open, or one of the service's threads \
        failed, which the log reports as well.
        """,
        """
        Nothing to do. To give associations drain-timeout seconds to end, ask the service to stop \
        only once.
        """,
        """
        Nothing to do; the device can connect again once the service is running.
        """)
    case .certificateExpired:
      Remedy(
        """
        A device has a certificate that has expired
        """,
        """
        The TLS handshake with the device at @DICOM_PEER_ADDRESS@ failed, since its certificate, \
        or one in its chain, has expired. The message gives its subject and the date.
        """,
        """
        The certificate was not renewed; or the clock of this host is wrong.
        """,
        """
        Compare date with the real date. To let such devices in and only note the fault, set \
        tls-client-certificate = request.
        """,
        """
        Install a new certificate.
        """)
    case .certificateNotYetValid:
      Remedy(
        """
        A device has a certificate that is not valid yet
        """,
        """
        The TLS handshake with the device at @DICOM_PEER_ADDRESS@ failed, since its certificate, \
        or one in its chain, is valid only from a later date on. The message gives its subject and \
        the date.
        """,
        """
        The clock of this host is slow, or that of the CA or of the device that made the \
        certificate is fast. A new certificate is often valid from the very second in which it was \
        made.
        """,
        """
        Compare date with the real date, and check that timedatectl reports a synchronized clock.
        """,
        """
        Check its clock. If the certificate has a wrong date, have the CA issue a new one.
        """)
    case .certificateUntrusted:
      Remedy(
        """
        A device has a certificate that this host does not trust
        """,
        """
        The TLS handshake with the device at @DICOM_PEER_ADDRESS@ failed, since no CA in \
        tls-ca-certificates has issued its certificate. The message names the certificate and its \
        issuer.
        """,
        """
        The certificate comes from another CA, from a device, or from the device itself; or the \
        device does not send the CAs between its certificate and the root.
        """,
        """
        If the CA is to be trusted, add its certificate to tls-ca-certificates; if only this one \
        certificate is to be accepted, add it to tls-device-certificates. Then run systemctl \
        reload echoscpd. To let such devices in and only note the fault, set \
        tls-client-certificate = request.
        """,
        """
        Install a certificate of the site's CA, with the chain of CAs up to the root.
        """)
    case .certificateRevoked:
      Remedy(
        """
        A device has a revoked certificate
        """,
        """
        The TLS handshake with the device at @DICOM_PEER_ADDRESS@ failed, since a list in tls-crl \
        revokes its certificate.
        """,
        """
        The CA has revoked the certificate: the device was replaced or sold, or its private key \
        got into wrong hands.
        """,
        """
        Nothing to do if that is right. Otherwise, get a new list from the CA, and run systemctl \
        reload echoscpd.
        """,
        """
        Install a new certificate with a new private key.
        """)
    case .certificatePurpose:
      Remedy(
        """
        A device has a certificate that is not for clients
        """,
        """
        The TLS handshake with the device at @DICOM_PEER_ADDRESS@ failed, since the extended key \
        usage of its certificate does not include clientAuth. Most often it has only serverAuth.
        """,
        """
        The device uses the certificate of its web server. Public CAs issue no certificates for \
        clients any more since 2026.
        """,
        """
        To let such devices in and only note the fault, set tls-client-certificate = request.
        """,
        """
        Install a certificate whose extended key usage has clientAuth, from the site's own CA; one \
        with clientAuth and serverAuth serves for both directions.
        """)
    case .certificateWeak:
      Remedy(
        """
        A device has a certificate with a weak key or signature
        """,
        """
        The TLS handshake with the device at @DICOM_PEER_ADDRESS@ failed, since a key in the chain \
        of its certificate is too short, or a signature uses a weak hash. RSA keys need 2,048 \
        bits, and signatures SHA-256.
        """,
        """
        The certificate, or that of its CA, was made long ago, or by old software.
        """,
        """
        To let such devices in and only note the fault, set tls-client-certificate = request.
        """,
        """
        Install a new certificate with a key of 2,048 bits or more. If the CA's own certificate is \
        the weak one, the CA needs a new one first.
        """)
    case .certificateMissing:
      Remedy(
        """
        A device sent no certificate
        """,
        """
        The TLS handshake with the device at @DICOM_PEER_ADDRESS@ failed, since it sent no \
        certificate, and this host requires one.
        """,
        """
        The device has no certificate of its own, or has none of a CA that this host names in its \
        request.
        """,
        """
        To let such devices in and only note the fault, set tls-client-certificate = request.
        """,
        """
        Install a certificate for clients, with its private key, of a CA in tls-ca-certificates, \
        and turn on client authentication.
        """)
    case .certificateInvalid:
      Remedy(
        """
        A device has a certificate that is not valid
        """,
        """
        The TLS handshake with the device at @DICOM_PEER_ADDRESS@ failed, since its certificate or \
        its chain breaks a rule of RFC 5280, or the chain is longer than 32 KiB. The message says \
        which rule, with the number of the error in OpenSSL.
        """,
        """
        The certificate was made by faulty software or by hand, or the chain contains certificates \
        that do not belong there.
        """,
        """
        Nothing to do if the CA is a sound one: the certificate has to change. To let such devices \
        in and only note the fault, set tls-client-certificate = request.
        """,
        """
        Install its certificate and those of the CAs between it and the root, and no others. If \
        that does not help, have the CA issue a new one.
        """)
    case .crlOutdated:
      Remedy(
        """
        A list of revoked certificates is missing or not in force
        """,
        """
        The TLS handshake with the device at @DICOM_PEER_ADDRESS@ failed, since tls-crl is set, \
        but has no list in force of a CA in the chain of its certificate. This host cannot tell \
        whether the certificate is revoked.
        """,
        """
        The list on this host has expired, is not valid yet, or is missing for this CA. The device \
        is not at fault.
        """,
        """
        Get the current list of each CA, put it into tls-crl, and run systemctl reload echoscpd; a \
        timer can do so each day. Or remove tls-crl to accept certificates without this check.
        """,
        """
        Nothing to do.
        """)
    case .noCommonCipher:
      Remedy(
        """
        No cipher suite is common to a device and this host
        """,
        """
        The TLS handshake with the device at @DICOM_PEER_ADDRESS@ failed, since no cipher suite \
        that it offers is accepted here. The message names what it offers and, if there is one, \
        the security profile of DICOM for which that stands. Accepted here are TLS 1.3, and TLS \
        1.2 with ECDHE and AES-GCM, as the BCP 195 RFC 8996, 9325 profile demands (PS3.15 B.12).
        """,
        """
        The device uses a retired profile, often AES TLS (TLS_RSA_WITH_AES_128_CBC_SHA and 3DES), \
        which is the default of dcm4che; or its suites are for another type of key than that of \
        tls-certificate.
        """,
        """
        Nothing to do for a retired profile; no setting helps, but the device can use the port \
        without TLS. For another type of key, set tls-certificate and tls-private-key to one of \
        that type.
        """,
        """
        Choose the BCP 195 TLS profile, or enable the suites TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 \
        and TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256. If it has none of them, update its software.
        """)
    case .tlsTooOld:
      Remedy(
        """
        A device offers only an old version of TLS
        """,
        """
        The TLS handshake with the device at @DICOM_PEER_ADDRESS@ failed, since the newest version \
        of TLS that it offers is older than the oldest that is accepted here. TLS 1.0 and 1.1 are \
        retired (RFC 8996).
        """,
        """
        TLS 1.2 is off on the device or unknown to its software; or tls-min-version is 1.3.
        """,
        """
        If the message says that tls-min-version is 1.3, set it to 1.2. TLS 1.0 and 1.1 are never \
        accepted; the device can use the port without TLS.
        """,
        """
        Enable TLS 1.2 or 1.3. If it has neither, update its software.
        """)
    case .noCommonGroup:
      Remedy(
        """
        No group for the key exchange is common to a device and this host
        """,
        """
        The TLS handshake with the device at @DICOM_PEER_ADDRESS@ failed, since none of the groups \
        that it offers for the key exchange is accepted here. The message names them.
        """,
        """
        The device offers only old or rare curves.
        """,
        """
        Nothing to do; no setting helps. Accepted are the groups that OpenSSL accepts by default.
        """,
        """
        Enable the curve secp256r1, which is also called P-256 or prime256v1.
        """)
    case .noCommonSignatureAlgorithm:
      Remedy(
        """
        No signature algorithm is common to a device and this host
        """,
        """
        The TLS handshake with the device at @DICOM_PEER_ADDRESS@ failed, since this host cannot \
        sign with any of the algorithms that the device offers. The message names them.
        """,
        """
        The device knows only SHA-1, or only algorithms for another type of key than that of \
        tls-private-key.
        """,
        """
        For another type of key, set tls-certificate and tls-private-key to one that the device \
        can verify: an RSA key of 2,048 bits or more, or an EC key on P-256.
        """,
        """
        Enable signatures with SHA-256, or update its software.
        """)
    case .noCommonALPN:
      Remedy(
        """
        A client of TLS wants another protocol than DICOM
        """,
        """
        The client at @DICOM_PEER_ADDRESS@ offers application protocols (ALPN), and dicom is not \
        among them, so the service ended its TLS handshake. The message names what it offers.
        """,
        """
        A browser, a DICOMweb client or a security scanner calls this port. DICOM devices offer \
        dicom, or no application protocol at all.
        """,
        """
        Find out whose address it is; if it should not connect, add it to deny-addresses.
        """,
        """
        If it should speak DICOM, set its application protocol to dicom, or switch ALPN off. \
        DICOMweb needs another server.
        """)
    case .plainOnTLSPort:
      Remedy(
        """
        DICOM without TLS arrived on a port for TLS
        """,
        """
        @DICOM_PEER_ADDRESS@ sent DICOM without TLS to a port for TLS. The service ended the \
        connection. The network path to this host works.
        """,
        """
        TLS is off on the device, or the device has the wrong port of this host.
        """,
        """
        Nothing to do if the device is to use TLS. The port without TLS is the one in port, or in \
        echoscpd.socket.
        """,
        """
        Turn on TLS for this node, or enter the port of this host without TLS.
        """)
    case .ownCertificateRefused:
      Remedy(
        """
        A device does not trust this service
        """,
        """
        The device at @DICOM_PEER_ADDRESS@ ended the TLS handshake with an alert about this \
        service's certificate. The message names the alert and what it stands for.
        """,
        """
        The device does not have the certificate of the CA that issued tls-certificate; or that \
        certificate has expired, has another host name than the one that the device calls, or \
        comes without the CAs between it and the root.
        """,
        """
        Check the certificate with openssl x509 -text -noout -in FILE, with the file of \
        tls-certificate: its dates, its names, and serverAuth. Append the CAs between it and the \
        root to that file, and run systemctl reload echoscpd.
        """,
        """
        Install the certificate of the CA that issued tls-certificate among the trusted ones, and \
        call this host by a name in its certificate.
        """)
    case .tlsAlert:
      Remedy(
        """
        A device ended the TLS handshake with an alert
        """,
        """
        The device at @DICOM_PEER_ADDRESS@ ended the TLS handshake, and sent an alert with the \
        reason. The message names it.
        """,
        """
        The device finds something unacceptable in what this host offers, or failed inside.
        """,
        """
        Compare the section tls of echoscp.conf(5) with the settings of the device.
        """,
        """
        See its log for the reason.
        """)
    case .handshakeIncomplete:
      Remedy(
        """
        A device ended the connection in the TLS handshake
        """,
        """
        The device at @DICOM_PEER_ADDRESS@ closed or reset the connection before the TLS handshake \
        was complete. The message says how far it had come.
        """,
        """
        Many devices do so if they do not trust this service's certificate. If only a part of the \
        ClientHello arrived, large packets may be lost on the way.
        """,
        """
        Check the certificate with openssl x509 -text -noout -in FILE, with the file of \
        tls-certificate. Run tcpdump -n host @DICOM_PEER_ADDRESS@ to see which packets arrive.
        """,
        """
        Install the certificate of the CA that issued tls-certificate among the trusted ones, and \
        see the device's log. If only a part of the ClientHello arrived, lower the MTU of the \
        device.
        """)
    case .stalledHandshake:
      Remedy(
        """
        A device began a TLS handshake and did not complete it
        """,
        """
        The device at @DICOM_PEER_ADDRESS@ began a TLS handshake and had not completed it when \
        acse-timeout expired. The message says how far it had come.
        """,
        """
        If only a part of the ClientHello arrived, packets above a certain size are lost on the \
        way: with hybrid key exchange (X25519MLKEM768), a ClientHello takes more than one packet. \
        If it arrived, the device may be waiting for a person to trust this service's certificate, \
        or may have failed inside.
        """,
        """
        Run tcpdump -n host @DICOM_PEER_ADDRESS@ to see which packets arrive. On a slow line, \
        raise acse-timeout.
        """,
        """
        If only a part of the ClientHello arrived, lower its MTU, or the MTU of the VPN or tunnel \
        in between. Otherwise install the certificate of the CA that issued tls-certificate, and \
        see the device's log.
        """)
    case .tlsError:
      Remedy(
        """
        A TLS connection failed
        """,
        """
        The TLS connection with the device at @DICOM_PEER_ADDRESS@ failed for a reason that has no \
        word of its own. The message has OpenSSL's words for it.
        """,
        """
        The device's software violates the protocol, something on the way changes the bytes, or a \
        security scanner is probing this host.
        """,
        """
        Find out whose address it is; if it should not connect, add it to deny-addresses.
        """,
        """
        See its log, and update its software if this repeats.
        """)
    case .certificateAETitle:
      Remedy(
        """
        An AE title came with another certificate than its own
        """,
        """
        The service rejected @DICOM_CALLING_AE@ at @DICOM_PEER_ADDRESS@ (@DICOM_REASON@), since \
        certificate in the section [device @DICOM_CALLING_AE@] does not describe the certificate \
        that came. The message gives both.
        """,
        """
        The device has got a new certificate, connects without TLS, or someone else uses its \
        title. Names in a certificate that no trusted CA has issued prove nothing, so only sha256: \
        counts then.
        """,
        """
        Correct certificate in that section of /etc/echoscp.conf; the message has the hash of the \
        certificate that came, as sha256: expects it. Then run systemctl reload echoscpd.
        """,
        """
        Check that its own AE title is not that of another device, that TLS is on, and that its \
        certificate is the one that it should have.
        """)
    case .tlsUnavailable:
      Remedy(
        """
        TLS is not in service
        """,
        """
        tls-port or a socket for TLS is configured, but the certificate, the private key or \
        another file for TLS cannot be used. The port without TLS is served; each connection to a \
        port for TLS is closed unread. The lines below the error name each file and what is wrong \
        with it.
        """,
        """
        A file is not there, cannot be read by the service's user, is not PEM, or is encrypted; or \
        the private key does not belong to the certificate.
        """,
        """
        Correct the files and their permissions, run echoscpd --check-config to see what is left \
        to correct, then systemctl reload echoscpd. No restart is needed.
        """,
        """
        Nothing to do; until then, the device can use the port without TLS.
        """)
    case .certificateExpires:
      Remedy(
        """
        The service's own certificate needs attention
        """,
        """
        The certificate in tls-certificate is served, but devices refuse it, or will soon: it has \
        expired, expires within 30, 7 or 1 days, is not valid yet, is not for servers, or comes \
        without the CAs between it and the root. The message says which.
        """,
        """
        A certificate was not renewed, or a file has only part of what the CA issued.
        """,
        """
        Put the new certificate, followed by those of the CAs between it and the root, into the \
        file of tls-certificate, its key into that of tls-private-key, and run systemctl reload \
        echoscpd. If the certificate is not valid yet, check the clock of this host. Fields of the \
        record about a start or a reload give the days that are left.
        """,
        """
        Nothing to do if it trusts the CA that issues the new certificate.
        """)
    case .proxyNotTrusted:
      Remedy(
        """
        An address that is not trusted uses a port for load balancers
        """,
        """
        A port for load balancers (proxy-port, tls-proxy-port, or a socket for them) accepts only \
        the addresses in proxy-trusted, since whoever sends a PROXY header there chooses the \
        address that counts. The service closed the connection without reading from it. If the \
        message is about the service itself, proxy-trusted is none, so that it closes every \
        connection to such a port.
        """,
        """
        A device or another program uses the wrong port, or a load balancer is not listed, for \
        example because it connects from another of its addresses.
        """,
        """
        If the address is that of a load balancer, add it to proxy-trusted, and run systemctl \
        reload echoscpd. List nothing but load balancers there.
        """,
        """
        Use the port without the PROXY protocol, usually 11112 or 104.
        """)
    case .proxyHeaderMissing:
      Remedy(
        """
        A PROXY header is missing
        """,
        """
        A connection from the load balancer at @DICOM_PEER_ADDRESS@ to a port that requires a \
        PROXY header began with something else. The service closed it: without the header, nobody \
        knows whose connection it is. The message names what arrived.
        """,
        """
        The load balancer does not send the header, for all connections or only for its health \
        check; or a program on its host connects directly.
        """,
        """
        Have the load balancer send the header: in HAProxy, send-proxy-v2 and check-send-proxy in \
        the server line. Or have it use a port without the header.
        """,
        """
        Nothing to do.
        """)
    case .proxyHeaderInvalid:
      Remedy(
        """
        A PROXY header is malformed
        """,
        """
        The PROXY header on a connection from the load balancer at @DICOM_PEER_ADDRESS@ violates \
        its specification, versions 1 and 2, or is longer than 1,024 bytes. The message says \
        where. The service closed the connection.
        """,
        """
        The load balancer has a fault, its header is of an unknown kind, or something between it \
        and this host changes the bytes.
        """,
        """
        Update the load balancer, or have it send the other version of the header (HAProxy: \
        send-proxy for version 1, send-proxy-v2 for version 2) with fewer extensions.
        """,
        """
        Nothing to do.
        """)
    case .proxyHeaderIncomplete:
      Remedy(
        """
        A PROXY header is incomplete
        """,
        """
        A connection from the load balancer at @DICOM_PEER_ADDRESS@ ended, or acse-timeout passed, \
        before its PROXY header was complete.
        """,
        """
        The load balancer sends no header and the device has sent nothing yet, the load balancer \
        was stopped, or packets are lost on the way.
        """,
        """
        Have the load balancer send the header (HAProxy: send-proxy-v2), and look at its log and \
        at the network between it and this host.
        """,
        """
        Nothing to do.
        """)
    case .proxyHeaderRepeated:
      Remedy(
        """
        A second PROXY header follows the first
        """,
        """
        The load balancer sent a PROXY header, and behind it another one came from \
        @DICOM_PEER_ADDRESS@, where a device sends its A-ASSOCIATE-RQ. The service does not \
        believe the second one, and ended the connection.
        """,
        """
        Another load balancer comes before the one that is trusted and sends a header of its own, \
        or somebody at that address tries to connect under a different address.
        """,
        """
        Find out whose address it is. If it is another load balancer, have the trusted one read \
        its header (HAProxy: accept-proxy in the bind line). Otherwise, add the address to \
        deny-addresses.
        """,
        """
        Find the program that sends the header: no DICOM device does.
        """)
    case .addressShared:
      Remedy(
        """
        Many devices share one address
        """,
        """
        Devices with many calling AE titles have connected from @DICOM_PEER_ADDRESS@. Something in \
        front of them seems to hide their own addresses, so that limits per address, access rules \
        and [device] sections cannot tell them apart, and the log does not show which device is \
        meant. The service says so once for each address.
        """,
        """
        A router translates addresses (NAT), or a load balancer opens connections of its own. A \
        single program that uses many titles looks the same.
        """,
        """
        If it is a load balancer, have it send the PROXY protocol to proxy-port, and list its \
        address in proxy-trusted. Otherwise, rely on AE titles rather than on addresses: see the \
        guide behind-nat-or-a-load-balancer.md in /usr/share/doc/echoscpd.
        """,
        """
        Nothing to do.
        """)
    }
  }
}
