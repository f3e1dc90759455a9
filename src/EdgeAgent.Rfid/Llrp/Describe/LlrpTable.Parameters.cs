namespace EdgeAgent.Rfid.Llrp.Describe;

internal static partial class LlrpTable
{
    // Below 128: TV, without a length on the wire. From 128: TLV. Bits that 1.1 gave a name are named: in 1.0.1 they are reserved and zero.
    private const string ParameterLines =
        """
        1 AntennaID 16.2.7.3.6 AntennaID:u16
        2 FirstSeenTimestampUTC 16.2.7.3.9 Microseconds:u64
        3 FirstSeenTimestampUptime 16.2.7.3.10 Microseconds:u64
        4 LastSeenTimestampUTC 16.2.7.3.11 Microseconds:u64
        5 LastSeenTimestampUptime 16.2.7.3.12 Microseconds:u64
        6 PeakRSSI 16.2.7.3.7 PeakRSSI:s8
        7 ChannelIndex 16.2.7.3.8 ChannelIndex:u16
        8 TagSeenCount 16.2.7.3.13 TagCount:u16
        9 ROSpecID 16.2.7.3.3 ROSpecID:u32
        10 InventoryParameterSpecID 16.2.7.3.5 InventoryParameterSpecID:u16
        11 C1G2_CRC 16.3.1.5.3 CRC:u16
        12 C1G2_PC 16.3.1.5.2 PC_Bits:u16
        13 EPC_96 16.2.7.3.2 EPC:b12
        14 SpecIndex 16.2.7.3.4 SpecIndex:u16
        15 ClientRequestOpSpecResult 16.2.7.3 OpSpecID:u16
        16 AccessSpecID 16.2.7.3.15 AccessSpecID:u32
        17 OpSpecID 16.2.7.6.6.1 OpSpecID:u16
        18 C1G2SingulationDetails 16.3.1.5.4 NumCollisionSlots:u16 NumEmptySlots:u16
        19 C1G2XPCW1 17.3.1.5 XPC_W1:u16
        20 C1G2XPCW2 17.3.1.5 XPC_W2:u16
        128 UTCTimestamp 16.2.2.1 Microseconds:u64
        129 Uptime 16.2.2.2 Microseconds:u64
        137 GeneralDeviceCapabilities 16.2.3.1 MaxNumberOfAntennaSupported:u16 CanSetAntennaProperties:u1 HasUTCClockCapability:u1 r14
            DeviceManufacturerName:u32 ModelName:u32 ReaderFirmwareVersion:text +
        139 ReceiveSensitivityTableEntry* 16.2.3.1.1 Index:u16 ReceiveSensitivityValue:s16
        140 PerAntennaAirProtocol* 16.2.3.1.3 AntennaID:u16 ProtocolID:u8[]/AirProtocol
        141 GPIOCapabilities 16.2.3.1.4 NumGPIs:u16 NumGPOs:u16
        142 LLRPCapabilities 16.2.3.2 CanDoRFSurvey:u1 CanReportBufferFillWarning:u1 SupportsClientRequestOpSpec:u1 CanDoTagInventoryStateAwareSingulation:u1
            SupportsEventAndReportHolding:u1 r3 MaxNumPriorityLevelsSupported:u8 ClientRequestOpSpecTimeout:u16 MaxNumROSpecs:u32 MaxNumSpecsPerROSpec:u32
            MaxNumInventoryParameterSpecsPerAISpec:u32 MaxNumAccessSpecs:u32 MaxNumOpSpecsPerAccessSpec:u32
        143 RegulatoryCapabilities 16.2.3.4 CountryCode:u16 CommunicationsStandard:u16/CommunicationsStandard +
        144 UHFBandCapabilities 16.2.3.4.1 +
        145 TransmitPowerLevelTableEntry* 16.2.3.4.1.1 Index:u16 TransmitPowerValue:s16
        146 FrequencyInformation 16.2.3.4.1.2 Hopping:u1 r7 +
        147 FrequencyHopTable* 16.2.3.4.1.2.1 HopTableID:u8 r8 Frequency:u32[]
        148 FixedFrequencyTable 16.2.3.4.1.2.2 Frequency:u32[]
        149 PerAntennaReceiveSensitivityRange* 16.2.3.1.2 AntennaID:u16 ReceiveSensitivityIndexMin:u16 ReceiveSensitivityIndexMax:u16
        177 ROSpec* 16.2.4.1 ROSpecID:u32 Priority:u8 CurrentState:u8/ROSpecState +
        178 ROBoundarySpec 16.2.4.1.1 +
        179 ROSpecStartTrigger 16.2.4.1.1.1 ROSpecStartTriggerType:u8/ROSpecStartTriggerType +
        180 PeriodicTriggerValue 16.2.4.1.1.1.1 Offset:u32 Period:u32 +
        181 GPITriggerValue 16.2.4.1.1.1.2 GPIPortNum:u16 GPIEvent:u1 r7 Timeout:u32
        182 ROSpecStopTrigger 16.2.4.1.1.2 ROSpecStopTriggerType:u8/ROSpecStopTriggerType DurationTriggerValue:u32 +
        183 AISpec* 16.2.4.2 AntennaIDs:u16[] +
        184 AISpecStopTrigger 16.2.4.2.1 AISpecStopTriggerType:u8/AISpecStopTriggerType DurationTrigger:u32 +
        185 TagObservationTrigger 16.2.4.2.1.1 TriggerType:u8/TagObservationTriggerType r8 NumberOfTags:u16 NumberOfAttempts:u16 T:u16 Timeout:u32
        186 InventoryParameterSpec* 16.2.4.2.2 InventoryParameterSpecID:u16 ProtocolID:u8/AirProtocol +
        187 RFSurveySpec* 16.2.4.3 AntennaID:u16 StartFrequency:u32 EndFrequency:u32 +
        188 RFSurveySpecStopTrigger 16.2.4.3.1 StopTriggerType:u8/RFSurveySpecStopTriggerType DurationPeriod:u32 N:u32
        207 AccessSpec* 16.2.5.1 AccessSpecID:u32 AntennaID:u16 ProtocolID:u8/AirProtocol CurrentState:u1/AccessSpecState r7 ROSpecID:u32 +
        208 AccessSpecStopTrigger 16.2.5.1.1 AccessSpecStopTrigger:u8/AccessSpecStopTrigger OperationCountValue:u16
        209 AccessCommand 16.2.5.1.2 +
        210 ClientRequestOpSpec* 16.2.5 OpSpecID:u16
        211 ClientRequestResponse 16.2.5 AccessSpecID:u32 +
        217 LLRPConfigurationStateValue 16.2.6.1 LLRPConfigurationStateValue:u32
        218 Identification 16.2.6.2 IDType:u8/IDType ReaderID:bytes
        219 GPOWriteData* 16.2.6.3 GPOPortNumber:u16 GPOData:u1 r7
        220 KeepaliveSpec 16.2.6.4 KeepaliveTriggerType:u8/KeepaliveTriggerType PeriodicTriggerValue:u32
        221 AntennaProperties* 16.2.6.5 AntennaConnected:u1 r7 AntennaID:u16 AntennaGain:s16
        222 AntennaConfiguration* 16.2.6.6 AntennaID:u16 +
        223 RFReceiver 16.2.6.7 ReceiverSensitivity:u16
        224 RFTransmitter 16.2.6.8 HopTableID:u16 ChannelIndex:u16 TransmitPower:u16
        225 GPIPortCurrentState* 16.2.6.9 GPIPortNum:u16 Config:u1 r7 State:u8/GpiPortState
        226 EventsAndReports 16.2.6.10 HoldEventsAndReportsUponReconnect:u1 r7
        237 ROReportSpec 16.2.7.1 ROReportTrigger:u8/ROReportTrigger N:u16 +
        238 TagReportContentSelector 16.2.7.1.1 EnableROSpecID:u1 EnableSpecIndex:u1 EnableInventoryParameterSpecID:u1 EnableAntennaID:u1
            EnableChannelIndex:u1 EnablePeakRSSI:u1 EnableFirstSeenTimestamp:u1 EnableLastSeenTimestamp:u1 EnableTagSeenCount:u1 EnableAccessSpecID:u1 r6 +
        239 AccessReportSpec 16.2.7.2 AccessReportTrigger:u8/AccessReportTrigger
        240 TagReportData* 16.2.7.3 +
        241 EPCData 16.2.7.3.1 EPC:bits
        242 RFSurveyReportData* 16.2.7.4 +
        243 FrequencyRSSILevelEntry* 16.2.7.4.1 Frequency:u32 Bandwidth:u32 AverageRSSI:s8 PeakRSSI:s8 +
        244 ReaderEventNotificationSpec 16.2.7.5 +
        245 EventNotificationState* 16.2.7.5.1 EventType:u16/EventNotificationStateType NotificationState:u1 r7
        246 ReaderEventNotificationData 16.2.7.6 +
        247 HoppingEvent 16.2.7.6.1 HopTableID:u16 NextChannelIndex:u16
        248 GPIEvent 16.2.7.6.2 GPIPortNumber:u16 GPIEvent:u1 r7
        249 ROSpecEvent 16.2.7.6.3 EventType:u8/ROSpecEventType ROSpecID:u32 PreemptingROSpecID:u32
        250 ReportBufferLevelWarningEvent 16.2.7.6.4 ReportBufferPercentageFull:u8
        251 ReportBufferOverflowErrorEvent 16.2.7.6.5
        252 ReaderExceptionEvent 16.2.7.6.6 Message:text +
        253 RFSurveyEvent 16.2.7.6.7 EventType:u8/RFSurveyEventType ROSpecID:u32 SpecIndex:u16
        254 AISpecEvent 16.2.7.6.8 EventType:u8/AISpecEventType ROSpecID:u32 SpecIndex:u16 +
        255 AntennaEvent 16.2.7.6.9 EventType:u8/AntennaEventType AntennaID:u16
        256 ConnectionAttemptEvent 16.2.7.6.10 Status:u16/ConnectionAttemptStatus
        257 ConnectionCloseEvent 16.2.7.6.11
        287 LLRPStatus 16.2.8.1 StatusCode:u16/StatusCode ErrorDescription:text +
        288 FieldError 16.2.8.1.1 FieldNum:u16 ErrorCode:u16/StatusCode
        289 ParameterError 16.2.8.1.2 ParameterType:u16 ErrorCode:u16/StatusCode +
        327 C1G2LLRPCapabilities 16.3.1.1.1 CanSupportBlockErase:u1 CanSupportBlockWrite:u1 CanSupportBlockPermalock:u1 CanSupportTagRecommissioning:u1
            CanSupportUMIMethod2:u1 CanSupportXPC:u1 r2 MaxNumSelectFiltersPerQuery:u16
        328 C1G2UHFRFModeTable* 16.3.1.1.2 +
        329 C1G2UHFRFModeTableEntry* 16.3.1.1.2.1 ModeIdentifier:u32 DRValue:u1/DRValue EPCHAGTCConformance:u1 r6 MValue:u8/MValue
            ForwardLinkModulation:u8/ForwardLinkModulation SpectralMaskIndicator:u8/SpectralMaskIndicator BDRValue:u32 PIEValue:u32 MinTariValue:u32
            MaxTariValue:u32 StepTariValue:u32
        330 C1G2InventoryCommand* 16.3.1.2.1 TagInventoryStateAware:u1 r7 +
        331 C1G2Filter* 16.3.1.2.1.1 T:u2/Truncation r6 +
        332 C1G2TagInventoryMask 16.3.1.2.1.1.1 MB:u2 r6 Pointer:u16 TagMask:bits
        333 C1G2TagInventoryStateAwareFilterAction 16.3.1.2.1.1.2 Target:u8/FilterTarget Action:u8/StateAwareFilterActionKind
        334 C1G2TagInventoryStateUnawareFilterAction 16.3.1.2.1.1.3 Action:u8/StateUnawareFilterActionKind
        335 C1G2RFControl 16.3.1.2.1.2 ModeIndex:u16 Tari:u16
        336 C1G2SingulationControl 16.3.1.2.1.3 Session:u2 r6 TagPopulation:u16 TagTransitTime:u32 +
        337 C1G2TagInventoryStateAwareSingulationAction 16.3.1.2.1.3.1 I:u1/InventoryFlag S:u1/SelectedFlag r6
        338 C1G2TagSpec 16.3.1.3.1 +
        339 C1G2TargetTag* 16.3.1.3.1.1 MB:u2 Match:u1 r5 Pointer:u16 TagMask:bits TagData:bits
        341 C1G2Read* 16.3.1.3.2.1 OpSpecID:u16 AccessPassword:u32 MB:u2 r6 WordPointer:u16 WordCount:u16
        342 C1G2Write* 16.3.1.3.2.2 OpSpecID:u16 AccessPassword:u32 MB:u2 r6 WordPointer:u16 WriteData:words
        343 C1G2Kill* 16.3.1.3.2.3 OpSpecID:u16 KillPassword:u32
        344 C1G2Lock* 16.3.1.3.2.4 OpSpecID:u16 AccessPassword:u32 +
        345 C1G2LockPayload* 16.3.1.3.2.4.1 Privilege:u8/LockPrivilege DataField:u8/LockField
        346 C1G2BlockErase* 16.3.1.3.2.5 OpSpecID:u16 AccessPassword:u32 MB:u2 r6 WordPointer:u16 WordCount:u16
        347 C1G2BlockWrite* 16.3.1.3.2.6 OpSpecID:u16 AccessPassword:u32 MB:u2 r6 WordPointer:u16 WriteData:words
        348 C1G2EPCMemorySelector* 16.3.1.5.1 EnableCRC:u1 EnablePCBits:u1 EnableXPCBits:u1 r5
        349 C1G2ReadOpSpecResult* 16.3.1.5.5.1 Result:u8/C1G2ReadResult OpSpecID:u16 ReadData:words
        350 C1G2WriteOpSpecResult* 16.3.1.5.5.2 Result:u8/C1G2WriteResult OpSpecID:u16 NumWordsWritten:u16
        351 C1G2KillOpSpecResult* 16.3.1.5.5.3 Result:u8/C1G2KillResult OpSpecID:u16
        352 C1G2LockOpSpecResult* 16.3.1.5.5.4 Result:u8/C1G2LockResult OpSpecID:u16
        353 C1G2BlockEraseOpSpecResult* 16.3.1.5.5.5 Result:u8/C1G2WriteResult OpSpecID:u16
        354 C1G2BlockWriteOpSpecResult* 16.3.1.5.5.6 Result:u8/C1G2WriteResult OpSpecID:u16 NumWordsWritten:u16
        355 LoopSpec 17.2.4 LoopCount:u32
        356 SpecLoopEvent 17.2.7.6 ROSpecID:u32 LoopCount:u32
        357 C1G2Recommission* 17.3.1.3.2 OpSpecID:u16 KillPassword:u32 r5 ThreeSB:u1 TwoSB:u1 LSB:u1
        358 C1G2BlockPermalock* 17.3.1.3.2 OpSpecID:u16 AccessPassword:u32 MB:u2 r6 BlockPointer:u16 BlockMask:words
        359 C1G2GetBlockPermalockStatus* 17.3.1.3.2 OpSpecID:u16 AccessPassword:u32 MB:u2 r6 BlockPointer:u16 BlockRange:u16
        360 C1G2RecommissionOpSpecResult* 17.3.1.5.5 Result:u8/C1G2RecommissionResult OpSpecID:u16
        361 C1G2BlockPermalockOpSpecResult* 17.3.1.5.5 Result:u8/C1G2BlockPermalockResult OpSpecID:u16
        362 C1G2GetBlockPermalockStatusOpSpecResult* 17.3.1.5.5 Result:u8/C1G2GetBlockPermalockStatusResult OpSpecID:u16 PermalockStatus:words
        363 MaximumReceiveSensitivity 17.2.3.1 MaximumSensitivityValue:s16
        365 RFSurveyFrequencyCapabilities 17.2.3.4.1 MinimumFrequency:u32 MaximumFrequency:u32
        1023 Custom* 16.2.9 VendorIdentifier:u32 ParameterSubtype:u32 Data:rest
        """;
}
