using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;

namespace EdgeAgent.Rfid.Tests.Peers;

/// <summary>Wireshark's LLRP dissector, as a judge of frames.</summary>
internal static class Tshark
{
    public const int Port = 5084;

    private const int LinkEthernet = 1;

    public static string? Executable { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Where(static folder => folder.Length > 0).Select(static folder => Path.Combine(folder, "tshark")).FirstOrDefault(File.Exists);

    /// <returns>Everything that tshark says of the frames, each sent as one TCP segment from a client to a reader.</returns>
    public static async Task<string> DissectAsync(IEnumerable<byte[]> frames)
    {
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, Capture(frames));
            using Process tshark = Process.Start(new ProcessStartInfo(
                Executable!, ["-r", file, "-n", "-V", "-d", string.Create(CultureInfo.InvariantCulture, $"tcp.port=={Port},llrp")])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            Task<string> error = tshark.StandardError.ReadToEndAsync();
            string said = await tshark.StandardOutput.ReadToEndAsync();
            await tshark.WaitForExitAsync();
            return tshark.ExitCode == 0 ? said : throw new InvalidOperationException(await error);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>The pcap file format: a header of 24 bytes, then 16 bytes before each packet, here little-endian.</summary>
    private static byte[] Capture(IEnumerable<byte[]> frames)
    {
        var file = new MemoryStream();
        Span<byte> header = stackalloc byte[24];
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0xA1B2C3D4);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], 4);
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], 65535);
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], LinkEthernet);
        file.Write(header);
        uint sequence = 1;
        uint second = 0;
        Span<byte> before = stackalloc byte[16];
        foreach (byte[] frame in frames)
        {
            byte[] packet = Packet(frame, sequence);
            BinaryPrimitives.WriteUInt32LittleEndian(before, ++second);
            BinaryPrimitives.WriteUInt32LittleEndian(before[8..], (uint)packet.Length);
            BinaryPrimitives.WriteUInt32LittleEndian(before[12..], (uint)packet.Length);
            file.Write(before);
            file.Write(packet);
            sequence += (uint)frame.Length;
        }
        return file.ToArray();
    }

    /// <summary>Ethernet (14 bytes), IPv4 (20), TCP (20), then the payload. The checksums stay zero: nobody looks at them here.</summary>
    private static byte[] Packet(byte[] payload, uint sequence)
    {
        byte[] packet = new byte[54 + payload.Length];
        packet[12] = 0x08; // IPv4
        Span<byte> ip = packet.AsSpan(14);
        ip[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)(40 + payload.Length));
        ip[8] = 64;
        ip[9] = 6; // TCP
        (ip[12], ip[15], ip[16], ip[19]) = (10, 1, 10, 2);
        Span<byte> tcp = packet.AsSpan(34);
        BinaryPrimitives.WriteUInt16BigEndian(tcp, 50000);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[2..], Port);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[4..], sequence);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[8..], 1);
        tcp[12] = 0x50;
        tcp[13] = 0x18; // PSH, ACK
        BinaryPrimitives.WriteUInt16BigEndian(tcp[14..], 65535);
        payload.CopyTo(packet.AsSpan(54));
        return packet;
    }
}
