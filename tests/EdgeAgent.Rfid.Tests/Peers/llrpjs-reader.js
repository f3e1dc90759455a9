// A reader made of the npm package llrpjs in its server role: its TCP server, its decoder of what the gate sends, its encoder of what a
// reader answers. One client. Says its port on the first line, then every message that it understood, one name a line.
'use strict';
const { LLRPCore, LLRPServer } = require('llrpjs');

const server = new LLRPServer({ host: '127.0.0.1', port: 0 });
const tags = Number(process.argv[2] ?? 3);
const ok = { StatusCode: 'M_Success', ErrorDescription: '' };
const say = line => process.stdout.write(line + '\n');
const quiet = () => {};

function capabilities() {
    return {
        LLRPStatus: ok,
        GeneralDeviceCapabilities: {
            MaxNumberOfAntennaSupported: 4, CanSetAntennaProperties: false, HasUTCClockCapability: true,
            DeviceManufacturerName: 161, ModelName: 96008, ReaderFirmwareVersion: '3.32.37.0',
            ReceiveSensitivityTableEntry: [{ Index: 1, ReceiveSensitivityValue: 0 }],
            GPIOCapabilities: { NumGPIs: 4, NumGPOs: 4 },
            PerAntennaAirProtocol: [{ AntennaID: 1, ProtocolID: ['EPCGlobalClass1Gen2'] }],
        },
        LLRPCapabilities: {
            CanDoRFSurvey: false, CanReportBufferFillWarning: true, SupportsClientRequestOpSpec: false,
            CanDoTagInventoryStateAwareSingulation: false, SupportsEventAndReportHolding: true, MaxNumPriorityLevelsSupported: 1,
            ClientRequestOpSpecTimeout: 0, MaxNumROSpecs: 1, MaxNumSpecsPerROSpec: 32, MaxNumInventoryParameterSpecsPerAISpec: 1,
            MaxNumAccessSpecs: 1000, MaxNumOpSpecsPerAccessSpec: 8,
        },
        RegulatoryCapabilities: {
            CountryCode: 276, CommunicationsStandard: 'ETSI_302_208',
            UHFBandCapabilities: {
                TransmitPowerLevelTableEntry: [{ Index: 1, TransmitPowerValue: 1000 }, { Index: 9, TransmitPowerValue: 2700 }],
                FrequencyInformation: { Hopping: false, FixedFrequencyTable: { Frequency: [865700, 866300] } },
                C1G2UHFRFModeTable: {
                    C1G2UHFRFModeTableEntry: [{
                        ModeIdentifier: 1, DRValue: 'DRV_64_3', EPCHAGTCConformance: false, MValue: 'MV_4', ForwardLinkModulation: 'PR_ASK',
                        SpectralMaskIndicator: 'DI', BDRValue: 250000, PIEValue: 1500, MinTariValue: 25000, MaxTariValue: 25000, StepTariValue: 0,
                    }],
                },
            },
        },
    };
}

function report(number) {
    return new LLRPCore.RO_ACCESS_REPORT({
        data: {
            TagReportData: [{
                EPC_96: { EPC: '3034257bf7194e4000' + number.toString(16).padStart(6, '0') },
                ROSpecID: { ROSpecID: 1 }, AntennaID: { AntennaID: 1 }, PeakRSSI: { PeakRSSI: -40 - number }, ChannelIndex: { ChannelIndex: 1 },
                TagSeenCount: { TagCount: number },
            }],
        },
    });
}

async function answer(message) {
    const name = message.getName();
    const id = message.origin.id;
    say(name);
    if (name === 'GET_READER_CAPABILITIES') {
        await server.send(new LLRPCore.GET_READER_CAPABILITIES_RESPONSE({ id, data: capabilities() }));
    } else if (name === 'ENABLE_EVENTS_AND_REPORTS') {
        await server.send(new LLRPCore.KEEPALIVE({ id: 4711 }));
        for (let number = 1; number <= tags; number++) {
            await server.send(report(number));
        }
    } else if (name !== 'KEEPALIVE_ACK') {
        await server.send(new LLRPCore[name + '_RESPONSE']({ id, data: { LLRPStatus: ok } }));
    } else {
        say('KEEPALIVE_ACK id ' + id);
    }
}

let last = Promise.resolve();
server.on('error', quiet);
server.on('message', message => {
    last = last.then(() => answer(message)).catch(e => say('ERROR ' + e.message));
    // The server takes one message of each segment; the others wait for the next one, which need not come.
    setImmediate(() => server.onData(Buffer.alloc(0)));
});
server.on('connection', () => {
    last = server.send(new LLRPCore.READER_EVENT_NOTIFICATION({
        id: 1,
        data: { ReaderEventNotificationData: { UTCTimestamp: { Microseconds: new Date().toISOString() }, ConnectionAttemptEvent: { Status: 'Success' } } },
    })).catch(e => say('ERROR ' + e.message));
});
server.on('disconnect', () => say('DISCONNECTED'));
server._server.on('listening', () => say('PORT ' + server._server.address().port));
server.listen();
// Ends with whoever started it.
process.stdin.on('end', () => process.exit(0)).resume();
