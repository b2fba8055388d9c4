"""What is wrong with a calibration, in Chinese; the English sentences are the errors' own."""

from collections.abc import Mapping
from types import MappingProxyType

from calibration.errors import CalibrationError, Code

SENTENCES_ZH: Mapping[Code, str] = MappingProxyType(
    {
        "point_not_measured": "第 {number} 点还没有尺寸:请填写米数或地砖数。",
        "point_measured_twice": "第 {number} 点同时填写了米数和地砖数:请只保留一种。",
        "tile_size_missing": "按地砖计数时,请填写一块地砖的宽和深(米)。",
        "too_few_points": "地面至少需要 {fewest} 个点,每个点都要有画面位置和尺寸;现有 {count} 个。",
        "points_on_a_line_in_picture": "各点在画面上位于一条直线:请测量能围出地面的点。",
        "points_on_a_line_on_floor": "各点在地面上位于一条直线:请测量能围出地面的点。",
        "three_points_on_a_line": "有三个点位于一条直线:请测量能围出地面的四个角。",
        "point_not_finite": "有一个点的数值无效:请给出它在画面上的位置和它的米数。",
        "point_beyond_lens": "有一个点落在该镜头看不到的地方:请检查该点和镜头参数。",
        "points_out_of_order": "这些点的次序不可能由摄像机看到:请检查每个点的米数是否对应它在画面上的位置。",
        "points_contradict": (
            "各点互相矛盾:第 {number} 点差 {off_cm:.0f} 厘米。请重新测量该点,"
            "或检查它的米数是否对应它在画面上的位置。"
        ),
        "floor_uncertain": (
            "即使在各点中间,地面仍有 {sd_cm:.0f} 厘米的不确定:请测量相距更远的点,或使用更清晰的画面。"
        ),
        "line_uncertain": "一米线处地面有 {sd_cm:.0f} 厘米的不确定:请在线的两端附近也测量几个点。",
        "counter_has_no_length": "柜台边缘没有长度:请给出它两端的米数。",
        "line_has_no_length": "一米线没有长度:请给出它两端的米数。",
        "line_touches_counter": "一米线碰到了柜台:请给出它实际所在位置的米数。",
        "lens_has_no_value": "镜头参数无效或缺少焦距:请重新标定镜头。",
        "lens_folds": "求得的镜头会把画面边缘折回自身,没有这样的镜头:请使用更多直线,并让它们分布到画面各角。",
        "lens_sizes_differ": "各画面大小不同:请全部取自摄像机的同一码流。",
        "lines_too_few": "求镜头至少需要 {fewest} 条直线;现有 {count} 条。",
        "line_of_too_few_points": "第 {number} 条直线上至少需要 {fewest} 个点,都在同一条直边上。",
        "line_too_short": "第 {number} 条直线太短,看不出弯曲:请沿更长的边点选。",
        "lines_not_straight": ("用任何镜头都有 {rms_px:.1f} 像素的偏差:请只点选大厅中确实笔直的边。"),
        "lines_tell_no_bend": "这些直线看不出弯曲:请用靠近画面边缘的直线,不要用穿过画面中心的。",
        "board_too_small": "标定板至少 3 × 3 格,每格宽 0.01 至 2 米。",
        "board_not_seen": (
            "没有看到 {columns} × {rows} 的标定板:请平放、完整、照明充足,并使每格至少 12 像素宽。"
        ),
        "board_seldom_seen": (
            "{pictures} 幅画面中只有 {count} 幅看到标定板;至少需要 {fewest} 幅,位置和倾斜各不相同。"
        ),
        "board_not_flat": "用任何镜头角点都有 {rms_px:.1f} 像素的偏差:标定板是否平整,尺寸是否正确?",
        "board_tilted_too_little": "焦距仍不确定:请把标定板倾斜得更大,每次方向不同。",
        "board_covers_too_little": "标定板覆盖的画面太少:请也放到画面四角,那里镜头弯曲最大。",
        "zone_too_few_corners": "区域至少需要 {fewest} 个角,现有 {count} 个。",
        "zone_too_many_corners": "区域最多 {most} 个角,现有 {count} 个。",
        "zone_crosses_itself": "区域的边线自相交:请沿边界依次给出各角。",
        "zone_has_no_area": "区域没有面积,各角位于一条直线。",
    }
)
"""By code; braces take the error's values."""


def told(error: CalibrationError) -> tuple[str, str]:
    """The error in Chinese and in English."""
    english = str(error)
    return SENTENCES_ZH[error.code].format(**error.values), english[:1].upper() + english[1:]
