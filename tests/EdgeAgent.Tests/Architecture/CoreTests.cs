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

    [Fact]
    public void Money_is_never_a_fraction()
    {
        // Probabilities are fractions: who decides about them turns them into whole parts of a thousand before money is asked.
        string[] probabilities = ["Appearance", "Attribution", "BeamFit", "CheckoutAssembler", "ExitCrossings", "LeaverPace", "OwnerPosterior", "UnseenShare"];
        Type[] money = [.. typeof(ShopFloor).Assembly.GetTypes().Where(t => t.Namespace == "EdgeAgent.Core.Checkout" && !probabilities.Contains((t.DeclaringType ?? t).Name))];
        const BindingFlags All = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

        Assert.Contains(typeof(Core.Checkout.Bill), money);
        foreach (Type type in money.Concat([typeof(Payment), typeof(Core.Config.PriceConfig), typeof(Core.Config.PromotionConfig), typeof(Core.Config.CheckoutConfig)]))
        {
            IEnumerable<(string, Type)> used = type.GetFields(All).Select(f => (f.Name, f.FieldType))
                .Concat(type.GetMethods(All).Concat<MethodBase>(type.GetConstructors(All)).SelectMany(m => m.GetParameters().Select(p => (m.Name, p.ParameterType))
                    .Concat(m is MethodInfo method ? [(m.Name, method.ReturnType)] : [])
                    .Concat((m.GetMethodBody()?.LocalVariables ?? []).Select(l => (m.Name, l.LocalType)))));
            Assert.All(used, u => Assert.False(IsFraction(u.Item2), $"{type.Name}.{u.Item1} uses {u.Item2.Name}; money is whole minor units."));
        }

        static bool IsFraction(Type type) => type == typeof(double) || type == typeof(float) || type == typeof(decimal) || type == typeof(Half)
            || (Nullable.GetUnderlyingType(type) is Type inner && IsFraction(inner)) || (type.IsByRef && IsFraction(type.GetElementType()!));
    }
}
