namespace EdgeAgent.Rfid.Llrp;

/// <summary>The LLRP messages a gate session meets (LLRP 1.0.1 section 16.1).</summary>
internal enum MessageType : ushort
{
    GetReaderCapabilities = 1,
    SetReaderConfig = 3,
    CloseConnectionResponse = 4,
    GetReaderCapabilitiesResponse = 11,
    SetReaderConfigResponse = 13,
    CloseConnection = 14,
    AddRoSpec = 20,
    DeleteRoSpec = 21,
    StartRoSpec = 22,
    StopRoSpec = 23,
    EnableRoSpec = 24,
    AddRoSpecResponse = 30,
    DeleteRoSpecResponse = 31,
    StartRoSpecResponse = 32,
    StopRoSpecResponse = 33,
    EnableRoSpecResponse = 34,
    DeleteAccessSpec = 41,
    DeleteAccessSpecResponse = 51,
    RoAccessReport = 61,
    Keepalive = 62,
    ReaderEventNotification = 63,
    EnableEventsAndReports = 64,
    KeepaliveAck = 72,
    ErrorMessage = 100,
    Custom = 1023,
}
