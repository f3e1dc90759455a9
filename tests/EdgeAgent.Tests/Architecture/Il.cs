using System.Reflection;
using System.Reflection.Emit;

namespace EdgeAgent.Tests.Architecture;

/// <summary>What compiled code really calls: reads the method bodies of an assembly, lambdas and iterators included.</summary>
internal static class Il
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> s_codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    /// <summary>Each use of a method, constructor, field or type in a body, with the outermost type that the code was written in.</summary>
    public static IEnumerable<(Type In, MemberInfo Uses)> Uses(Assembly assembly)
    {
        foreach (Type type in assembly.GetTypes())
        {
            foreach (MethodBase method in type.GetMethods(All).Concat<MethodBase>(type.GetConstructors(All)))
            {
                foreach (MemberInfo used in Uses(method))
                {
                    yield return (Outermost(type), used);
                }
            }
        }
    }

    public static Type Outermost(Type type) => type.DeclaringType is Type outer ? Outermost(outer) : type;

    private static IEnumerable<MemberInfo> Uses(MethodBase method)
    {
        if (method.GetMethodBody()?.GetILAsByteArray() is not byte[] il)
        {
            yield break;
        }
        Type[]? typeArguments = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
        Type[]? methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        int at = 0;
        while (at < il.Length)
        {
            // ECMA-335 III.1.2: opcodes that begin with FE have two bytes.
            short value = il[at++];
            if (value == 0xFE)
            {
                value = (short)(0xFE00 | il[at++]);
            }
            OpCode code = s_codes[value];
            if (code.OperandType is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok)
            {
                yield return method.Module.ResolveMember(BitConverter.ToInt32(il, at), typeArguments, methodArguments)!;
            }
            at += code.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(il, at)),
                _ => 4,
            };
        }
    }
}
