using System.Globalization;
using System.Text;
using EdgeAgent.Signing;
using EdgeAgent.Torture.Faults;

namespace EdgeAgent.Torture.Trials;

/// <summary>
/// The power goes while small files are replaced whole, as configurations, ratchets and the states of models are: the file is the last one that was
/// said to be written or a later one, and never a mixture.
/// </summary>
internal static class AtomicCuts
{
    public static async Task<Finding> RunAsync(int cuts)
    {
        using var disk = new LoopDisk(16);
        string path = disk["reported.json"];
        var dice = new Dice(4);
        var broken = new List<string>();
        long written = 0;
        for (int cut = 1; cut <= cuts; cut++)
        {
            long begun = written;
            Task writing = Task.Run(() =>
            {
                try
                {
                    for (long number = begun + 1; ; number++)
                    {
                        AtomicFile.Replace(path, Content(number));
                        Volatile.Write(ref written, number);
                    }
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    // The power went.
                }
            });
            await StrainedBox.UntilAsync(() => Volatile.Read(ref written) > begun, "a first file");
            await Task.Delay(TimeSpan.FromMilliseconds(dice.Between(0, 40)), TimeProvider.System);
            long before = Volatile.Read(ref written);
            disk.CutPower();
            await writing;
            disk.PowerOn();
            byte[] found = File.Exists(path) ? await File.ReadAllBytesAsync(path) : [];
            long number = long.TryParse(Encoding.ASCII.GetString(found).Split(' ')[0], CultureInfo.InvariantCulture, out long n) ? n : 0;
            if (number < before || !found.AsSpan().SequenceEqual(Content(number)))
            {
                broken.Add($"Cut {cut}: number {before} was written, {number} is there{(found.AsSpan().SequenceEqual(Content(number)) ? "" : ", and not whole")}.");
            }
            written = Math.Max(number, before);
        }
        return new Finding(broken, FormattableString.Invariant($"{cuts} cuts while {written} files were replaced: each was the last one written or the one after it, whole"));
    }

    /// <summary>Its number, and that number again and again over three pages of the disk.</summary>
    private static byte[] Content(long number) => Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(number.ToString(CultureInfo.InvariantCulture) + " ", 1500)));
}
