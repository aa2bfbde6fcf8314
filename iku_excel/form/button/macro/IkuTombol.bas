Attribute VB_Name = "IkuTombol"
Option Explicit

' The button "Hitung Ulang". It computes nothing itself: it saves a copy of the open workbook for reading,
' starts iku-excel, waits, and shows what iku-excel reports. iku-excel writes the figures into this workbook.
' Runs in Excel for Windows and in LibreOffice; LibreOffice honours only one On Error in a procedure.

Private Running As Boolean
Private Stem As String
Private KeptAlerts As Variant
Private KeptEvents As Variant
Private KeptInteractive As Variant
Private KeptStatusBar As Variant
Private KeptCancelKey As Variant

Public Sub HitungUlang()
    Dim Report As String
    If Running Then
        Tell "INFO" & vbLf & "Perhitungan sebelumnya masih berjalan. Mohon tunggu sebentar."
        Exit Sub
    End If
    Running = True
    KeepState
    Report = Attempt()
    RestoreState
    Running = False
    Tell Report
End Sub

Private Function Attempt() As String
    On Error GoTo Failed
    Stem = ""
    Attempt = Ask()
    Exit Function
Failed:
    Attempt = "GAGAL" & vbLf & "Perhitungan tidak dapat dimulai: " & Err.Description & vbLf & _
        "Simpan buku kerja ini, tutup, lalu jalankan 'iku-excel isi' untuk berkasnya."
    Discard True
End Function

Private Function Ask() As String
    If Not IkuLuar.Supported() Then
        Ask = "GAGAL" & vbLf & "Tombol ini belum didukung di Mac." & vbLf & _
            "Simpan dan tutup buku kerja ini, lalu jalankan 'iku-excel isi' untuk berkasnya."
        Exit Function
    End If
    Stem = IkuBerkas.NewStem()
    IkuLibreOffice.SaveCopy Stem & ".xlsm"
    IkuBerkas.WriteText Stem & ".ini", Request(True)
    IkuPython.Start Stem
    If IkuBerkas.Exists(Stem & ".txt") Then
        Ask = IkuBerkas.ReadText(Stem & ".txt")
        Discard True
        Exit Function
    End If
    Discard True
    IkuBerkas.WriteText Stem & ".ini", Request(False)
    Ask = "MENUNGGU" & vbLf & "Python tidak dapat dijalankan dari buku kerja ini." & vbLf & _
        "Bila 'iku-excel pantau' sedang berjalan, hasilnya muncul sebentar lagi tanpa klik ulang." & vbLf & _
        "Bila tidak: jalankan 'iku-excel pantau', atau isi sel bernama Python_Iku dengan letak" & vbLf & _
        "python.exe, lalu klik lagi."
End Function

' The request file; its keys are explained in iku_excel/form/button/parts.py.
Private Function Request(ByVal WithCopy As Boolean) As String
    Dim FileName As String
    Dim CopyName As String
    FileName = Mid(Stem, Len(IkuBerkas.PrivateFolder()) + 2)
    If WithCopy Then CopyName = FileName & ".xlsm"
    Request = "versi=1" & vbCrLf & _
        "buku=" & IkuLibreOffice.FullNameOfBook() & vbCrLf & _
        "nama=" & ThisWorkbook.Name & vbCrLf & _
        "salinan=" & CopyName & vbCrLf & _
        "laporan=" & FileName & ".txt" & vbCrLf & _
        "hwnd=" & IkuLibreOffice.WindowNumber() & vbCrLf & _
        "aplikasi=" & IkuLibreOffice.ApplicationWord() & vbCrLf & _
        "waktu=" & IkuBerkas.Moment() & vbCrLf
End Function

' What was written for this click. The copy holds personal data: it must go in every case.
Private Sub Discard(ByVal WithRequest As Boolean)
    If Stem = "" Then Exit Sub
    IkuBerkas.Remove Stem & ".xlsm"
    IkuBerkas.Remove Stem & ".txt"
    IkuBerkas.Remove Stem & ".sta"
    If WithRequest Then IkuBerkas.Remove Stem & ".ini"
End Sub

' The report's first word says how it went; the lines after it are for the reader.
Private Sub Tell(ByVal Report As String)
    Dim Cut As Long
    Dim Word As String
    Dim Style As Long
    Report = Replace(Report, vbCrLf, vbLf)
    Cut = InStr(Report, vbLf)
    If Cut = 0 Then Cut = Len(Report) + 1
    Word = Left(Report, Cut - 1)
    Style = vbExclamation
    If Word = "OK" Or Word = "INFO" Then Style = vbInformation
    If Word = "GAGAL" Then Style = vbCritical
    Report = Mid(Report, Cut + 1)
    Do While Right(Report, 1) = vbLf
        Report = Left(Report, Len(Report) - 1)
    Loop
    If Len(Report) > 900 Then Report = Left(Report, 897) & "..."
    If Trim(Report) = "" Then Report = "iku-excel selesai tanpa pesan."
    IkuLuar.Show Report, Style
End Sub

' Excel restores none of these by itself when another program has written into the workbook.
Private Sub KeepState()
    On Error Resume Next
    KeptAlerts = Application.DisplayAlerts
    KeptEvents = Application.EnableEvents
    KeptInteractive = Application.Interactive
    KeptStatusBar = Application.StatusBar
    Application.StatusBar = "IKU: sedang menghitung, mohon tunggu..."
    Application.DisplayAlerts = False
    Application.EnableEvents = False
    Application.Interactive = False
    ' Ctrl+Break would end the macro before it could undo the line above. LibreOffice has no such property.
    KeptCancelKey = Application.EnableCancelKey
    Application.EnableCancelKey = 0
End Sub

Private Sub RestoreState()
    On Error Resume Next
    Application.Interactive = KeptInteractive
    Application.EnableEvents = KeptEvents
    Application.DisplayAlerts = KeptAlerts
    Application.StatusBar = KeptStatusBar
    Application.EnableCancelKey = KeptCancelKey
End Sub
