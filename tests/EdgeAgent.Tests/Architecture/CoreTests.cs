using System.Reflection;
using EdgeAgent.Core;

namespace EdgeAgent.Tests.Architecture;

public class CoreTests
{
    private static readonly Assembly s_core = typeof(ShopFloor).Assembly;

    private static readonly Type[] s_forbidden =
    [
        typeof(File), typeof(Directory), typeof(FileInfo), typeof(FileStream), typeof(DirectoryInfo), typeof(TimeProvider), typeof(System.Diagnostics.Stopwatch),
        typeof(Random), typeof(Thread), typeof(Timer), typeof(PeriodicTimer), typeof(Console), typeof(System.Diagnostics.Process),
        typeof(System.Net.Sockets.Socket), typeof(System.Security.Cryptography.RandomNumberGenerator), typeof(Task),
    ];

    [Fact]
    public void Core_reads_no_clock_no_file_and_no_environment()
    {
        string[] forbidden = [.. Il.Uses(s_core).Where(use => IsForbidden(use.Uses)).Select(use => $"{use.In.Name} uses {use.Uses.DeclaringType?.Name}.{use.Uses.Name}")];

        Assert.Empty(forbidden);
    }

    [Fact]
    public void Inputs_and_events_are_closed_sets()
    {
        Type[] everywhere = [.. new[] { s_core, typeof(Agent).Assembly, typeof(EdgeAgent.Vision.Frame).Assembly, typeof(EdgeAgent.Rfid.ReaderRunner).Assembly }.SelectMany(a => a.GetTypes())];
        foreach (Type set in new[] { typeof(ShopInput), typeof(ShopEvent) })
        {
            Assert.True(set.IsAbstract);
            // A record's own copy constructor is the compiler's; it needs an instance of the set to begin with.
            Assert.All(
                set.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Where(c => c.GetParameters()[0].ParameterType != set),
                constructor => Assert.True(constructor.IsPrivate));
            Assert.All(everywhere.Where(set.IsAssignableFrom).Where(type => type != set), type => Assert.True(type.IsSealed && type.DeclaringType == set, type.FullName));
        }
    }

    [Fact]
    public void The_shop_floor_has_one_caller()
    {
        Type[] callers = [.. Il.Uses(typeof(Agent).Assembly).Where(use => use.Uses is MethodInfo { Name: nameof(ShopFloor.On) } on && on.DeclaringType == typeof(ShopFloor)).Select(use => use.In).Distinct()];

        Assert.Equal([typeof(ShopLoop)], callers);
    }

    private static bool IsForbidden(MemberInfo member)
    {
        Type? type = member as Type ?? member.DeclaringType;
        return s_forbidden.Contains(type)
            // What iterators made by the compiler ask for.
            || (type == typeof(Environment) && member.Name != "get_CurrentManagedThreadId")
            || ((type == typeof(DateTime) || type == typeof(DateTimeOffset)) && member.Name is "get_Now" or "get_UtcNow" or "get_Today")
            || (type == typeof(Guid) && member.Name is nameof(Guid.NewGuid) or nameof(Guid.CreateVersion7));
    }
}
