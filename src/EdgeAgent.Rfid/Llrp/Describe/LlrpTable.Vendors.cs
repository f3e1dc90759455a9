namespace EdgeAgent.Rfid.Llrp.Describe;

internal static partial class LlrpTable
{
    // Custom parameters by subtype. A layout that does not fit the data to the last byte is not used: firmware differs, and the data are
    // shown as hexadecimal anyway. Where only a name stands, the layout could not be checked against bytes or a definition.
    private const string ImpinjLines =
        """
        23 ImpinjInventorySearchMode Impinj InventorySearchMode:u16/ImpinjSearchMode
        36 ImpinjGPIDebounceConfiguration Impinj GPIPortNum:u16 GPIDebounceTimerMSec:u32 +
        38 ImpinjLinkMonitorConfiguration Impinj LinkMonitorMode:u16/ImpinjSwitch LinkDownThreshold:u16 +
        39 ImpinjReportBufferConfiguration Impinj ReportBufferMode:u16 +
        50 ImpinjTagReportContentSelector Impinj +
        51 ImpinjEnableSerializedTID Impinj SerializedTIDMode:u16/ImpinjSwitch +
        52 ImpinjEnableRFPhaseAngle Impinj RFPhaseAngleMode:u16/ImpinjSwitch +
        53 ImpinjEnablePeakRSSI Impinj PeakRSSIMode:u16/ImpinjSwitch +
        55 ImpinjSerializedTID Impinj TID:words +
        56 ImpinjRFPhaseAngle Impinj PhaseAngle:u16
        57 ImpinjPeakRSSI Impinj RSSI:s16
        64 ImpinjAdvancedGPOConfiguration Impinj GPOPortNum:u16 GPOMode:u16 GPOPulseDurationMSec:u32 +
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
