using System.Runtime.InteropServices;

namespace EdgeAgent.Mqtt;

/// <summary>What the library does not set on its socket. Linux only, as the agent; a refusal by the kernel is no reason not to talk.</summary>
internal static unsafe partial class SocketGuard
{
    /// <summary>
    /// More than this in one packet is none that anybody meant for this box. MQTT allows 256 MiB, and the library makes room for what a
    /// packet's header says.
    /// </summary>
    public const long MaxPacketBytes = 1024 * 1024;

    // linux/tcp.h, asm-generic/socket.h
    private const int SolSocket = 1;
    private const int SoReceiveBuffer = 8;
    private const int IpProtoTcp = 6;
    private const int TcpInfo = 11;
    private const int TcpUserTimeout = 18;
    private const int BytesReceivedAt = 128; // offset of tcpi_bytes_received in struct tcp_info, since Linux 4.1

    private const int UserTimeoutMs = 15_000;

    // The reader is then never far behind: a packet that is too large is noticed long before it is whole.
    private const int ReceiveBufferBytes = 64 * 1024;

    /// <summary>Sent bytes that are not acknowledged for 15 s end the connection, also where nobody would ask.</summary>
    public static void Prepare(int socket)
    {
        int timeout = UserTimeoutMs;
        _ = SetOption(socket, IpProtoTcp, TcpUserTimeout, &timeout, sizeof(int));
        int buffer = ReceiveBufferBytes;
        _ = SetOption(socket, SolSocket, SoReceiveBuffer, &buffer, sizeof(int));
    }

    /// <summary>Bytes that have come in over the life of the connection; 0 when the kernel does not say.</summary>
    public static long Received(int socket)
    {
        byte* info = stackalloc byte[256];
        uint length = 256;
        return GetOption(socket, IpProtoTcp, TcpInfo, info, &length) == 0 && length >= BytesReceivedAt + sizeof(long) ? *(long*)(info + BytesReceivedAt) : 0;
    }

    [LibraryImport("libc", EntryPoint = "setsockopt")]
    private static partial int SetOption(int socket, int level, int name, void* value, uint length);

    [LibraryImport("libc", EntryPoint = "getsockopt")]
    private static partial int GetOption(int socket, int level, int name, void* value, uint* length);
}
