namespace EdgeAgent.Rfid.Llrp.Describe;

internal static partial class LlrpTable
{
    // Custom parameters by subtype. A layout that does not fit the data to the last byte is not used: firmware differs, and the data are
    // shown as hexadecimal anyway. Where only a name stands, the layout could not be checked against bytes or a definition.
    private const string ImpinjLines =
        """
        21 ImpinjRequestedData Impinj RequestedData:u32 +
        22 ImpinjSubRegulatoryRegion Impinj RegulatoryRegion:u16 +
        23 ImpinjInventorySearchMode Impinj InventorySearchMode:u16/ImpinjSearchMode
        26 ImpinjFixedFrequencyList Impinj FixedFrequencyMode:u16 r16 ChannelList:u16[] +
        27 ImpinjReducedPowerFrequencyList Impinj ReducedPowerMode:u16 r16 ChannelList:u16[] +
        28 ImpinjLowDutyCycle Impinj LowDutyCycleMode:u16/ImpinjSwitch EmptyFieldTimeout:u16 FieldPingInterval:u16 +
        29 ImpinjDetailedVersion Impinj ModelName:text SerialNumber:text SoftwareVersion:text FirmwareVersion:text FPGAVersion:text PCBAVersion:text +
        30 ImpinjFrequencyCapabilities Impinj FrequencyList:u32[] +
        36 ImpinjGPIDebounceConfiguration Impinj GPIPortNum:u16 GPIDebounceTimerMSec:u32 +
        37 ImpinjReaderTemperature Impinj Temperature:s16 +
        38 ImpinjLinkMonitorConfiguration Impinj LinkMonitorMode:u16/ImpinjSwitch LinkDownThreshold:u16 +
        39 ImpinjReportBufferConfiguration Impinj ReportBufferMode:u16 +
        40 ImpinjAccessSpecConfiguration Impinj +
        41 ImpinjBlockWriteWordCount Impinj WordCount:u16 +
        42 ImpinjBlockPermalock Impinj
        43 ImpinjBlockPermalockOpSpecResult Impinj Result:u8/C1G2BlockPermalockResult OpSpecID:u16 +
        44 ImpinjGetBlockPermalockStatus Impinj OpSpecID:u16 AccessPassword:u32 MB:u2 r6 BlockPointer:u16 BlockRange:u16 +
        45 ImpinjGetBlockPermalockStatusOpSpecResult Impinj
        46 ImpinjSetQTConfig Impinj OpSpecID:u16 AccessPassword:u32 DataProfile:u8 AccessRange:u8 Persistence:u8 r32 +
        47 ImpinjSetQTConfigOpSpecResult Impinj Result:u8 OpSpecID:u16 +
        48 ImpinjGetQTConfig Impinj OpSpecID:u16 AccessPassword:u32 +
        49 ImpinjGetQTConfigOpSpecResult Impinj Result:u8 OpSpecID:u16 DataProfile:u8 AccessRange:u8 r32 +
        50 ImpinjTagReportContentSelector Impinj +
        51 ImpinjEnableSerializedTID Impinj SerializedTIDMode:u16/ImpinjSwitch +
        52 ImpinjEnableRFPhaseAngle Impinj RFPhaseAngleMode:u16/ImpinjSwitch +
        53 ImpinjEnablePeakRSSI Impinj PeakRSSIMode:u16/ImpinjSwitch +
        54 ImpinjEnableGPSCoordinates Impinj GPSCoordinatesMode:u16/ImpinjSwitch +
        55 ImpinjSerializedTID Impinj TID:words +
        56 ImpinjRFPhaseAngle Impinj PhaseAngle:u16
        57 ImpinjPeakRSSI Impinj RSSI:s16
        58 ImpinjGPSCoordinates Impinj Latitude:s32 Longitude:s32 +
        59 ImpinjLoopSpec Impinj LoopCount:u32 +
        63 ImpinjOpSpecRetryCount Impinj RetryCount:u16 +
        64 ImpinjAdvancedGPOConfiguration Impinj GPOPortNum:u16 GPOMode:u16 GPOPulseDurationMSec:u32 +
        65 ImpinjEnableOptimizedRead Impinj OptimizedReadMode:u16/ImpinjSwitch +
        66 ImpinjAccessSpecOrdering Impinj OrderingMode:u16 +
        67 ImpinjEnableRFDopplerFrequency Impinj RFDopplerFrequencyMode:u16/ImpinjSwitch +
        68 ImpinjRFDopplerFrequency Impinj DopplerFrequency:s16
        1541 ImpinjLISpec Impinj +
        1542 ImpinjLocationConfig Impinj ComputeWindowSeconds:u16 TagAgeIntervalSeconds:u16 UpdateIntervalSeconds:u16 +
        1545 ImpinjLocationReportData Impinj LastSeenTimestampUTC:u64 LocXCentimeters:s32 LocYCentimeters:s32 Type:u8/ImpinjReportType +
        1567 ImpinjDISpec Impinj +
        1568 ImpinjDirectionSectors Impinj EnabledSectorIDs:u16[] +
        1569 ImpinjDirectionConfig Impinj
        1572 ImpinjDirectionReporting Impinj
        1573 ImpinjDirectionReportData Impinj Type:u8/ImpinjReportType TagPopulationStatus:u8 FirstSeenSectorID:u8 FirstSeenTimestampUTC:u64
            LastSeenSectorID:u8 LastSeenTimestampUTC:u64 +
        """;

    // CUSTOM_MESSAGE by subtype.
    private const string ImpinjMessageLines =
        """
        21 IMPINJ_ENABLE_EXTENSIONS Impinj r32 +
        22 IMPINJ_ENABLE_EXTENSIONS_RESPONSE Impinj +
        """;

    // Reserved bits as FX9600 firmware 3.32.37 sends them; the printed counts are too large.
    private const string ZebraLines =
        """
        121 MotoTagEventSelector Zebra ReportNewTagEvent:u8 NewTagEventModeratedTimeout:u16 ReportTagInvisibleEvent:u8
            TagInvisibleEventModeratedTimeout:u16 ReportTagVisibilityChangeEvent:u8 TagVisibilityChangeEventModeratedTimeout:u16
        122 MotoTagReportMode Zebra ReportFormat:u8
        123 MotoTagEventList Zebra +
        124 MotoTagEventEntry Zebra EventType:u8 Microseconds:u64
        125 MotoROReportTrigger Zebra
        126 MovingStationaryTagReport Zebra
        253 MotoFilterRSSIRange Zebra
        254 MotoFilterRule Zebra
        255 MotoFilterList Zebra
        708 MotoTagReportContentSelector Zebra
        709 MotoTagPhase Zebra Phase:s16
        712 BrandIDCheckStatus Zebra Status:u8
        """;
}
