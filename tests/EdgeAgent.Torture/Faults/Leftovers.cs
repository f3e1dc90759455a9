using System.Runtime.InteropServices;

namespace EdgeAgent.Torture.Faults;

/// <summary>Faults that are still there when the program is ended from outside: a mounted disk, a control group. Taken away before it goes.</summary>
internal static class Leftovers
{
    private static readonly Lock s_turn = new();
    private static readonly List<IDisposable> s_live = [];
    private static readonly PosixSignalRegistration[] s_signals =
    [
        .. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, _ => Clean())),
    ];

    static Leftovers() => AppDomain.CurrentDomain.ProcessExit += (_, _) => Clean();

    public static void Add(IDisposable fault)
    {
        lock (s_turn)
        {
            s_live.Add(fault);
        }
    }

    public static void Remove(IDisposable fault)
    {
        lock (s_turn)
        {
            s_live.Remove(fault);
        }
    }

    private static void Clean()
    {
        IDisposable[] left;
        lock (s_turn)
        {
            left = [.. s_live];
        }
        foreach (IDisposable fault in left.Reverse())
        {
            fault.Dispose();
        }
        GC.KeepAlive(s_signals);
    }
}
