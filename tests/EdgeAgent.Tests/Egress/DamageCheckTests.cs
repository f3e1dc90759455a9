using EdgeAgent.Core.Config;
using EdgeAgent.Core.Privacy;
using EdgeAgent.Egress;

namespace EdgeAgent.Tests.Egress;

public sealed class DamageCheckTests : IDisposable
{
    private static readonly CancellationToken s_none = CancellationToken.None;
    private readonly TestFolder _folder = new();

    private string Db => _folder["outbox.db"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_large_file_is_opened_unread_and_damage_that_is_met_puts_it_aside_at_the_next_opening()
    {
        await DamagedLargeFileAsync();
        await using (Outbox first = Open())
        {
            Assert.Null(first.QuarantinedFile);
            Assert.ThrowsAny<Exception>(() => first.ReadWaiting(Lane.Visit, 0, 100));
        }
        await using (Outbox second = Open())
        {
            Assert.Equal(Db + ".corrupt-1", second.QuarantinedFile);
        }
        await using Outbox third = Open();
        Assert.Null(third.QuarantinedFile);
        Assert.False(File.Exists(Db + ".suspect"));
    }

    [Fact]
    public async Task A_large_file_is_checked_beside_the_running_agent_which_ends_when_it_is_damaged()
    {
        await DamagedLargeFileAsync();
        await using (Outbox first = Open())
        {
            await first.CheckLargeFileAsync(Db, TimeSpan.Zero);
            OutboxException ended = await Assert.ThrowsAnyAsync<OutboxException>(async () =>
            {
                try
                {
                    await first.AppendAsync(Some.Event(1), s_none);
                }
                catch (System.Threading.Channels.ChannelClosedException closed)
                {
                    throw closed.InnerException!;
                }
            });
            Assert.Contains("is damaged", ended.Message, StringComparison.Ordinal);
        }
        await using Outbox second = Open();
        Assert.Equal(Db + ".corrupt-1", second.QuarantinedFile);
    }

    private Outbox Open() => Some.Outbox(Db, new OutboxConfig(MaxMegabytes: 512));

    private async Task DamagedLargeFileAsync()
    {
        await using (Outbox outbox = Open())
        {
            for (int seq = 1; seq <= 9; seq++)
            {
                await outbox.AppendAsync(Some.Event(seq, padding: 8 * 1024 * 1024), s_none);
            }
        }
        Assert.True(new FileInfo(Db).Length > DamageCheck.AtOpeningBytes);
        using FileStream file = File.Open(Db, FileMode.Open);
        file.Position = file.Length / 2 / 4096 * 4096;
        file.Write(Enumerable.Repeat((byte)0xFF, 16384).ToArray());
    }
}
