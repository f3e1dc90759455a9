using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeAgent.Ota;

/// <summary>How golden vectors are written in a description.</summary>
internal static class GoldenJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        PropertyNameCaseInsensitive = false,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };
}
