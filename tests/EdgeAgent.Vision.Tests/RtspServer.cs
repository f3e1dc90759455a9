using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace EdgeAgent.Vision.Tests;

/// <summary>
/// A real RTSP camera: Debian's GStreamer RTSP server as a child process, which asks for user and password by digest and plays a clip in real time.
/// </summary>
internal sealed class RtspServer : IDisposable
{
    public const string User = "guard";

    /// <summary>With all that an address could trip over.</summary>
    public const string Password = "s:e@c/r t'%";

    private const string Python = "/usr/bin/python3";

    // The password comes on standard input, so that a look at all argument lists finds it only where it must not be.
    private const string Script = """
        import sys, gi
        gi.require_version("Gst", "1.0")
        gi.require_version("GstRtsp", "1.0")
        gi.require_version("GstRtspServer", "1.0")
        from gi.repository import Gst, GstRtsp, GstRtspServer, GLib
        Gst.init(None)
        port, user, launch = sys.argv[1:4]
        server = GstRtspServer.RTSPServer()
        server.set_address("127.0.0.1")
        server.set_service(port)
        factory = GstRtspServer.RTSPMediaFactory()
        factory.set_launch(launch)
        factory.set_protocols(GstRtsp.RTSPLowerTrans.TCP)
        permissions = GstRtspServer.RTSPPermissions()
        permissions.add_permission_for_role("viewer", "media.factory.access", True)
        permissions.add_permission_for_role("viewer", "media.factory.construct", True)
        factory.set_permissions(permissions)
        token = GstRtspServer.RTSPToken()
        token.set_string("media.factory.role", "viewer")
        auth = GstRtspServer.RTSPAuth()
        auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
        auth.add_digest(user, sys.stdin.readline().rstrip("\n"), token)
        server.set_auth(auth)
        server.get_mount_points().add_factory("/live", factory)
        server.attach(None)
        print(server.get_bound_port(), flush=True)
        GLib.MainLoop().run()
        """;

    private static readonly Lazy<string?> s_missing = new(Look);

    private readonly Process _process;

    /// <param name="clip">An mp4 file, or an MPEG transport stream.</param>
    /// <param name="codec">h264 or h265.</param>
    /// <param name="port">0 takes a free one.</param>
    public RtspServer(TempFolder folder, string clip, string codec, int port = 0)
    {
        string script = folder.File("camera.py");
        File.WriteAllText(script, Script);
        string demuxer = clip.EndsWith(".ts", StringComparison.Ordinal) ? "tsdemux" : "qtdemux";
        string launch = $"( filesrc location={clip} ! {demuxer} ! {codec}parse ! identity sync=true ! rtp{codec}pay name=pay0 pt=96 config-interval=-1 )";
        _process = new Process { StartInfo = new ProcessStartInfo(Python) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true } };
        foreach (string argument in (string[])[script, port.ToString(CultureInfo.InvariantCulture), User, launch])
        {
            _process.StartInfo.ArgumentList.Add(argument);
        }
        _process.ErrorDataReceived += (_, _) => { };
        _process.Start();
        _process.BeginErrorReadLine();
        _process.StandardInput.WriteLine(Password);
        _process.StandardInput.Close();
        Port = int.Parse(_process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The RTSP server did not start."), CultureInfo.InvariantCulture);
    }

    /// <summary>What is missing on this machine, as a sentence, or null.</summary>
    public static string? Missing => s_missing.Value;

    public int Port { get; }

    public string Address => $"rtsp://127.0.0.1:{Port}/live";

    /// <summary>A port that nobody has at this moment, for a camera that comes back where it was.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public void Stop() => Signal("STOP");

    public void Continue() => Signal("CONT");

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private void Signal(string name)
    {
        using Process kill = Process.Start("kill", ["-" + name, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private static string? Look()
    {
        if (!File.Exists(Python))
        {
            return "There is no /usr/bin/python3; it serves the RTSP stream.";
        }
        using var look = new Process
        {
            StartInfo = new ProcessStartInfo(Python)
            {
                RedirectStandardError = true,
                ArgumentList =
                {
                    "-c",
                    "import gi; gi.require_version('GstRtspServer','1.0'); from gi.repository import Gst, GstRtspServer; Gst.init(None); "
                    + "missing=[n for n in ('qtdemux','tsdemux','h264parse','h265parse','rtph264pay','rtph265pay') if not Gst.ElementFactory.find(n)]; assert not missing, missing",
                },
            },
        };
        look.Start();
        look.StandardError.ReadToEnd();
        look.WaitForExit();
        return look.ExitCode == 0
            ? null
            : "The GStreamer RTSP server is not installed (Debian: gir1.2-gst-rtsp-server-1.0 python3-gi gstreamer1.0-plugins-good gstreamer1.0-plugins-bad).";
    }
}

/// <summary>A test that needs the GStreamer RTSP server; skipped with a sentence where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RtspFactAttribute : FactAttribute
{
    public RtspFactAttribute() => Skip = RtspServer.Missing;
}
