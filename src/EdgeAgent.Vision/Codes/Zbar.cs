using System.Runtime.InteropServices;

namespace EdgeAgent.Vision.Codes;

/// <summary>
/// The calls of libzbar 0.23 that this room uses, and nothing else: zbar.h of https://github.com/mchehab/zbar, tag 0.23.92.
/// A scanner and its images belong to one thread at a time.
/// </summary>
internal static unsafe partial class Zbar
{
    private const string Library = "libzbar.so.0";

    // zbar_symbol_type_t. There is no Data Matrix among them: this library does not decode it.
    public const int AllSymbols = 0;
    public const int Ean8 = 8;
    public const int UpcE = 9;
    public const int UpcA = 12;
    public const int Ean13 = 13;
    public const int DataBar = 34;
    public const int DataBarExpanded = 35;
    public const int QrCode = 64;
    public const int Code128 = 128;

    // zbar_config_t
    public const int Enable = 0;

    /// <summary>zbar_fourcc('Y','8','0','0'): one byte of brightness a pixel.</summary>
    public const uint FormatY800 = 'Y' | ((uint)'8' << 8) | ((uint)'0' << 16) | ((uint)'0' << 24);

    [LibraryImport(Library, EntryPoint = "zbar_version")]
    public static partial int Version(uint* major, uint* minor, uint* patch);

    [LibraryImport(Library, EntryPoint = "zbar_image_scanner_create")]
    public static partial nint CreateScanner();

    [LibraryImport(Library, EntryPoint = "zbar_image_scanner_destroy")]
    public static partial void DestroyScanner(nint scanner);

    [LibraryImport(Library, EntryPoint = "zbar_image_scanner_set_config")]
    public static partial int SetConfig(nint scanner, int symbol, int config, int value);

    /// <summary>How many symbols were found, or a negative number for a failure.</summary>
    [LibraryImport(Library, EntryPoint = "zbar_scan_image")]
    public static partial int Scan(nint scanner, nint image);

    [LibraryImport(Library, EntryPoint = "zbar_image_create")]
    public static partial nint CreateImage();

    [LibraryImport(Library, EntryPoint = "zbar_image_destroy")]
    public static partial void DestroyImage(nint image);

    [LibraryImport(Library, EntryPoint = "zbar_image_set_format")]
    public static partial void SetFormat(nint image, CULong fourcc);

    [LibraryImport(Library, EntryPoint = "zbar_image_set_size")]
    public static partial void SetSize(nint image, uint width, uint height);

    /// <summary>The bytes stay the caller's and must outlive the image's use.</summary>
    [LibraryImport(Library, EntryPoint = "zbar_image_set_data")]
    public static partial void SetData(nint image, byte* data, CULong length, nint cleanup);

    [LibraryImport(Library, EntryPoint = "zbar_image_first_symbol")]
    public static partial nint FirstSymbol(nint image);

    [LibraryImport(Library, EntryPoint = "zbar_symbol_next")]
    public static partial nint NextSymbol(nint symbol);

    [LibraryImport(Library, EntryPoint = "zbar_symbol_get_type")]
    public static partial int TypeOf(nint symbol);

    [LibraryImport(Library, EntryPoint = "zbar_symbol_get_data")]
    public static partial byte* DataOf(nint symbol);

    [LibraryImport(Library, EntryPoint = "zbar_symbol_get_data_length")]
    public static partial uint LengthOf(nint symbol);

    /// <summary>How many scan lines agreed, for bar codes; 1 for matrix codes.</summary>
    [LibraryImport(Library, EntryPoint = "zbar_symbol_get_quality")]
    public static partial int QualityOf(nint symbol);

    [LibraryImport(Library, EntryPoint = "zbar_symbol_get_loc_size")]
    public static partial uint PointsOf(nint symbol);

    [LibraryImport(Library, EntryPoint = "zbar_symbol_get_loc_x")]
    public static partial int PointX(nint symbol, uint index);

    [LibraryImport(Library, EntryPoint = "zbar_symbol_get_loc_y")]
    public static partial int PointY(nint symbol, uint index);
}
