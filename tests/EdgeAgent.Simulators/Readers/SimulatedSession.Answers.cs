using System.Buffers.Binary;
using EdgeAgent.Rfid.Llrp;

namespace EdgeAgent.Simulators.Readers;

/// <summary>What the reader answers.</summary>
internal sealed partial class SimulatedSession
{
    /// <summary>How an RFTransmitter parameter begins: type 224, ten bytes.</summary>
    private static readonly byte[] s_rfTransmitter = [0x00, 0xE0, 0x00, 0x0A];

    private int _version = LlrpHeader.Version101;

    private byte[]? Answer(LlrpHeader header, byte[] message)
    {
        if (header.Type is MessageType.GetSupportedVersion or MessageType.SetProtocolVersion)
        {
            return AnswerVersion(header, message);
        }
        if (header.Version != _version)
        {
            return ReaderMessages.ErrorMessage(header.Id, StatusCode.UnsupportedVersion, _version);
        }
        byte[]? answer = AnswerPlain(header, message);
        if (answer is not null)
        {
            answer[0] = (byte)((answer[0] & 0b1110_0011) | (_version << 2));
        }
        return answer;
    }

    private byte[]? AnswerPlain(LlrpHeader header, byte[] message)
    {
        switch (header.Type)
        {
            case MessageType.GetReaderCapabilities:
                return ReaderMessages.CapabilitiesResponse(header.Id, device.Capabilities);
            case MessageType.SetReaderConfig:
                return AnswerSettings(header, message);
            case MessageType.AddRoSpec:
                return AnswerAdd(header, message);
            case MessageType.DeleteRoSpec:
                if (_faults.DeletesOnlyDisabled && device.RoSpecEnabled)
                {
                    return ReaderMessages.FieldError(MessageType.DeleteRoSpecResponse, header.Id, 1);
                }
                device.HasRoSpec = device.RoSpecEnabled = false;
                break;
            case MessageType.EnableRoSpec:
            case MessageType.DisableRoSpec:
                device.RoSpecEnabled = header.Type == MessageType.EnableRoSpec;
                break;
            case MessageType.StartRoSpec:
            case MessageType.StopRoSpec:
            case MessageType.DeleteAccessSpec:
                break;
            case MessageType.GetRoSpecs:
                return _faults.IgnoresProbes ? null : ReaderMessages.Response(MessageType.GetRoSpecsResponse, header.Id);
            case MessageType.GetReport:
                return _faults.IgnoresProbes ? null : ReaderMessages.RoAccessReport(header.Id, []);
            case MessageType.EnableEventsAndReports:
                _released.TrySetResult();
                return null;
            case MessageType.KeepaliveAck:
                return null;
            case MessageType.CloseConnection:
                return ReaderMessages.Response(MessageType.CloseConnectionResponse, header.Id);
            case MessageType.Custom when device.Capabilities.IsImpinj:
                return ReaderMessages.ImpinjExtensionsEnabled(header.Id);
            default:
                return ReaderMessages.ErrorMessage(header.Id, StatusCode.UnsupportedMessage);
        }
        return ReaderMessages.Response(header.Type + 10, header.Id);
    }

    private byte[]? AnswerVersion(LlrpHeader header, byte[] message)
    {
        if (_faults.VersionAnswer is { } hex)
        {
            byte[] answer = Convert.FromHexString(hex);
            BinaryPrimitives.WriteUInt32BigEndian(answer.AsSpan(6), header.Id);
            return answer;
        }
        if (!_faults.Speaks11)
        {
            return ReaderMessages.ErrorMessage(header.Id, StatusCode.UnsupportedVersion);
        }
        if (header.Type == MessageType.GetSupportedVersion)
        {
            return ReaderMessages.SupportedVersion(header.Id, _version, LlrpHeader.Version11);
        }
        _version = message[LlrpHeader.Size];
        byte[] agreed = ReaderMessages.Response(MessageType.SetProtocolVersionResponse, header.Id);
        agreed[0] = (byte)((agreed[0] & 0b1110_0011) | (_version << 2));
        return agreed;
    }

    private byte[] AnswerAdd(LlrpHeader header, byte[] message)
    {
        bool setsPower = message.AsSpan().IndexOf(s_rfTransmitter) >= 0;
        if (setsPower && _faults.RefusedField > 0)
        {
            return ReaderMessages.FieldError(MessageType.AddRoSpecResponse, header.Id, _faults.RefusedField);
        }
        if (device.HasRoSpec)
        {
            return ReaderMessages.FieldError(MessageType.AddRoSpecResponse, header.Id, 1); // the id is taken
        }
        bool refused = script.RefusesPower && setsPower;
        device.HasRoSpec = !refused;
        return ReaderMessages.Response(MessageType.AddRoSpecResponse, header.Id, refused ? StatusCode.ParameterError : StatusCode.Success);
    }

    private byte[]? AnswerSettings(LlrpHeader header, byte[] message)
    {
        StatusCode status = StatusCode.Success;
        var parameters = new ParameterReader(message.AsSpan(LlrpHeader.Size + 1));
        while (parameters.TryNext(out LlrpParameter parameter))
        {
            switch (parameter.Type)
            {
                // type:8 | period:32 ms
                case ParameterType.KeepaliveSpec when parameter.Value.Length == 5 && parameter.Value[0] == 1:
                    _keepalive.TrySetResult(TimeSpan.FromMilliseconds(BinaryPrimitives.ReadUInt32BigEndian(parameter.Value[1..])));
                    break;
                case ParameterType.Custom when _faults.RefusesPulses:
                    status = StatusCode.ParameterError;
                    break;
                case ParameterType.GpoWriteData when _faults.IgnoresOutputs:
                    return null;
                case ParameterType.GpoWriteData when _faults.RefusesOutputs:
                case ParameterType.GpiPortCurrentState when _faults.RefusesPins:
                    status = StatusCode.DeviceError;
                    break;
            }
        }
        return ReaderMessages.Response(MessageType.SetReaderConfigResponse, header.Id, status);
    }
}
